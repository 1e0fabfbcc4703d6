package io.otelgraft.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.otelgraft.spi.AgentSign;
import io.otelgraft.spi.Injection;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import io.otelgraft.spi.ListVariable;
import io.otelgraft.spi.ListVariable.EmptyItem;
import io.otelgraft.spi.Reason;
import io.otelgraft.spi.ResourceDefaults;
import io.otelgraft.spi.Setting;
import io.otelgraft.spi.Target;
import io.otelgraft.spi.Verdict;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.AssertionFailedError;

/** The contract, kept and broken. */
@SuppressWarnings("JUnitMethodInvoked") // the tests are what is tested
final class LanguagePluginContractTest {
  @TempDir Path stories;

  /** A plugin that keeps it. */
  @Nested
  final class QuillTest implements LanguagePluginContract {
    @Override
    public LanguagePlugin plugin() {
      return new MadeUpLanguages.Quill();
    }

    @Override
    public Path stories() {
      return Path.of("src", "test", "resources", "golden", "quill");
    }
  }

  @Test
  void a_story_that_ends_otherwise_is_shown_as_a_difference() throws IOException {
    tell("plain", "true");
    Files.writeString(stories.resolve("plain/findings.txt"), "injected: Injected\nwrong\n");

    assertThatThrownBy(() -> run(contract().each_story_ends_as_its_files_say()))
        .isInstanceOf(AssertionFailedError.class)
        .hasMessageContainingAll(
            "findings.txt", "-wrong", "+injected quill into app by shop/standard", "golden=write");
  }

  @Test
  void a_story_without_an_end_says_how_to_write_it() throws IOException {
    tell("plain", "true");

    assertThatThrownBy(() -> run(contract().each_story_ends_as_its_files_say()))
        .hasMessageContainingAll("findings.txt does not exist", "-Dgolden=write");
  }

  @Test
  void a_file_that_no_story_has_is_named() throws IOException {
    tell("plain", "true");
    Files.createFile(stories.resolve("plain/setings.yaml"));

    assertThatThrownBy(() -> contract().each_story_ends_as_its_files_say())
        .hasMessageContaining("setings.yaml");
  }

  @Test
  void no_story_at_all_is_a_failure() {
    assertThatThrownBy(() -> contract().each_story_ends_as_its_files_say())
        .hasMessageContainingAll("holds no story", "pod.yaml");
  }

  @Test
  void a_list_variable_that_is_not_extended_in_any_story_is_named() throws IOException {
    tell("left-alone", "false");

    assertThatThrownBy(() -> contract().each_list_variable_is_extended_in_a_story())
        .hasMessageContainingAll("no story ends in an injection", "QUILL_OPTIONS");
  }

  @Test
  void a_reason_that_is_not_declared_and_one_that_is_never_given_are_named() throws IOException {
    tell("plain", "true");
    Reason declared = Reason.of("Declared", "It is declared.");
    Reason given = Reason.of("Given", "It is given.");
    LanguagePlugin plugin =
        new Flawed(language -> language.reasons(declared)) {
          @Override
          public void examine(Target target, Verdict verdict) {
            verdict.standDown(given, "it");
          }
        };

    assertThatThrownBy(() -> contract(plugin).each_reason_is_declared_and_has_a_story())
        .hasMessageContainingAll(
            "the reason Given is given, but not declared", "the reason Declared is declared");
  }

  @Test
  void a_variable_that_is_not_declared_and_one_that_is_never_set_are_named() throws IOException {
    tell("plain", "true");
    LanguagePlugin plugin =
        new Flawed(language -> language.sets("QUILL_NEVER")) {
          @Override
          public void inject(Injection injection) {
            injection
                .edit(injection.targets().getFirst())
                .env()
                .setIfAbsent("QUILL_HOME", "/quill");
          }
        };

    assertThatThrownBy(() -> contract(plugin).each_variable_is_declared_and_has_a_story())
        .hasMessageContainingAll(
            "the variable QUILL_HOME is set, but not declared",
            "the variable QUILL_NEVER is declared, but no story shows it set");
  }

  @Test
  void a_sign_that_keeps_nothing_out_is_named() throws IOException {
    tell("plain", "true");
    // Without an agent a language only configures, which it does beside any agent.
    LanguagePlugin plugin =
        new Flawed(
            language -> language.otherAgents(AgentSign.variable("Inkwell", "INKWELL_TRACE")));

    assertThatThrownBy(() -> run(contract(plugin).a_sign_of_another_agent_keeps_the_language_out()))
        .hasMessageContaining("the pod is injected although it has Inkwell");
  }

  @Test
  void a_broken_promise_names_the_story_and_the_variation() throws IOException {
    tell("plain", "true");
    LanguagePlugin plugin =
        new Flawed(language -> {}) {
          @Override
          public void inject(Injection injection) {
            throw new IllegalStateException("boom");
          }
        };

    assertThatThrownBy(() -> run(contract(plugin).what_Graft_promises_of_pods_holds()))
        .hasMessageContainingAll("plain, as it is", "plain, restricted", "boom");
  }

  @Test
  void a_plugin_that_stops_at_what_the_user_sets_is_found() throws IOException {
    tell("plain", "true");
    LanguagePlugin plugin =
        new Flawed(language -> {}) {
          @Override
          public void inject(Injection injection) {
            Target target = injection.targets().getFirst();
            if (target.env().get("COLOUR").isPresent()) {
              throw new IllegalStateException("COLOUR is mine");
            }
            injection.edit(target).env().setIfAbsent("COLOUR", "black");
          }
        };

    assertThatThrownBy(() -> run(contract(plugin).a_variable_that_the_pod_sets_keeps_its_value()))
        .hasMessageContaining("COLOUR is mine");
  }

  @TestFactory
  Stream<DynamicTest> what_is_wrong_with_a_declaration_is_said() {
    return Stream.of(
        flaw("the title is blank", language -> language.title(" ")),
        flaw(
            "the documentation is no web address",
            language -> language.documentation(URI.create("file:/docs"))),
        flaw(
            "the default image is no image with a tag",
            language -> language.image("Example/quill", "1.0")),
        flaw(
            "the default image is no image with a tag",
            language -> language.image("example.org/quill", "")),
        flaw(
            "an agent, but no section",
            language -> language.image("example.org/quill", "1"),
            false),
        flaw(
            "nothing is said of what is in an image of the agent",
            language -> language.noDefaultImage(" ")),
        flaw(
            "declares the default image example.org/quill, and none",
            language -> language.image("example.org/quill", "1").noDefaultImage("/agent")),
        flaw(
            "versions that are never upgraded across, but no image",
            language -> language.neverUpgradeAcross("2"),
            false),
        flaw(
            "the default cpu is no request within a limit: 2, 1",
            language -> language.resources(ResourceDefaults.of("2", "64Mi", "1", "256Mi"))),
        flaw(
            "the default memory is no request within a limit: much, 256Mi",
            language -> language.resources(ResourceDefaults.of("50m", "much", "1", "256Mi"))),
        flaw(
            "the setting verbose has no description",
            language -> language.section("quill", Setting.flag("verbose"))),
        flaw(
            "the field inner has no description",
            language ->
                language.section(
                    "quill",
                    Setting.list("outer", section -> section, Setting.flag("inner"))
                        .describe("It."))),
        flaw(
            "declares the setting verbose twice",
            language ->
                language.section(
                    "quill",
                    Setting.flag("verbose").describe("It."),
                    Setting.flag("verbose").describe("It."))),
        flaw(
            "outer declares the field inner twice",
            language ->
                language.section(
                    "quill",
                    Setting.list(
                            "outer",
                            section -> section,
                            Setting.flag("inner").describe("It."),
                            Setting.text("inner").describe("It."))
                        .describe("It."))),
        flaw(
            "the default of colour is none of its values",
            language ->
                language.section(
                    "quill",
                    Setting.oneOf("colour", "black", "blue").describe("It.").defaultsTo("red"))),
        flaw(
            "the default of path is not what its pattern allows",
            language ->
                language.section(
                    "quill",
                    Setting.text("path").describe("It.").pattern("/.*", 9).defaultsTo("a"))),
        flaw(
            "is required, and has a default",
            language ->
                language.section(
                    "quill", Setting.text("path").describe("It.").required().defaultsTo("a"))),
        flaw(
            "the annotation quill-env cannot be a VARIABLES",
            language -> language.annotations(Setting.variables("quill-env").describe("It."))),
        flaw(
            "declares the annotation quill-mode twice",
            language ->
                language.annotations(
                    Setting.text("quill-mode").describe("It."),
                    Setting.text("quill-mode").describe("It."))),
        flaw(
            "declares the list variable QUILL twice",
            language ->
                language.joins(
                    ListVariable.of("QUILL", " ", EmptyItem.NOTHING),
                    ListVariable.of("QUILL", ":", EmptyItem.NOTHING))),
        flaw(
            "the list variable \"QUILL-X\" is no name of a variable",
            language -> language.joins(ListVariable.of("QUILL-X", " ", EmptyItem.NOTHING))),
        flaw(
            "the list variable QUILL has no separator",
            language -> language.joins(ListVariable.of("QUILL", "", EmptyItem.NOTHING))),
        flaw(
            "declares the reason Busy twice",
            language -> language.reasons(Reason.of("Busy", "A."), Reason.of("Busy", "B."))),
        flaw("the reason Busy says nothing", language -> language.reasons(Reason.of("Busy", ""))),
        flaw(
            "the operator's mount path is not absolute",
            language -> language.operatorMountPath("otel")));
  }

  private static DynamicTest flaw(String message, Consumer<Language.Builder> declare) {
    return flaw(message, declare, true);
  }

  private static DynamicTest flaw(
      String message, Consumer<Language.Builder> declare, boolean withSection) {
    return DynamicTest.dynamicTest(
        message,
        () ->
            assertThat(Declaration.problems(new Flawed(declare, withSection)))
                .singleElement()
                .asString()
                .contains(message));
  }

  @Test
  void a_declaration_that_changes_is_found() {
    List<String> calls = new ArrayList<>();
    LanguagePlugin plugin =
        new Flawed(language -> {
          calls.add("called");
          language.title("Quill " + calls.size()).section("quill" + calls.size());
        });

    assertThat(Declaration.problems(plugin)).singleElement().asString().contains("something else");
  }

  /** A language that is in order but for one thing. */
  private static class Flawed implements LanguagePlugin {
    private final Consumer<Language.Builder> flaw;
    private final boolean withSection;

    Flawed(Consumer<Language.Builder> flaw) {
      this(flaw, true);
    }

    Flawed(Consumer<Language.Builder> flaw, boolean withSection) {
      this.flaw = flaw;
      this.withSection = withSection;
    }

    @Override
    public Language language() {
      Language.Builder language = Language.named("quill");
      if (withSection) {
        language.section("quill");
      }
      flaw.accept(language);
      return language.build();
    }
  }

  private LanguagePluginContract contract() {
    return contract(new MadeUpLanguages.Quill());
  }

  private LanguagePluginContract contract(LanguagePlugin plugin) {
    return new LanguagePluginContract() {
      @Override
      public LanguagePlugin plugin() {
        return plugin;
      }

      @Override
      public Path stories() {
        return stories;
      }
    };
  }

  private void tell(String name, String inject) throws IOException {
    Path folder = Files.createDirectory(stories.resolve(name));
    Files.writeString(
        folder.resolve("pod.yaml"),
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: cart
          namespace: shop
          annotations:
            instrumentation.opentelemetry.io/inject-quill: "%s"
        spec:
          containers:
            - name: app
              image: shop/cart:1.2
        """
            .formatted(inject));
    Files.writeString(
        folder.resolve("instrumentation.yaml"),
        """
        apiVersion: opentelemetry.io/v1alpha1
        kind: Instrumentation
        metadata: {name: standard, namespace: shop}
        spec: {exporter: {endpoint: "http://collector:4318"}}
        """);
  }

  private static void run(Stream<? extends DynamicNode> tests) throws Throwable {
    for (DynamicNode test : tests.toList()) {
      ((DynamicTest) test).getExecutable().execute();
    }
  }
}
