package io.otelgraft.runtime.cli;

import static io.otelgraft.runtime.cli.CommandLineRun.graft;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.otelgraft.core.injection.Annotations;
import io.otelgraft.core.injection.OtherAgents;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.plugin.LoadedPlugin;
import io.otelgraft.core.plugin.Plugins;
import io.otelgraft.core.resource.InstrumentationSchema;
import io.otelgraft.runtime.rules.CompatibilityItems;
import io.otelgraft.runtime.rules.CompatibilityItems.Item;
import io.otelgraft.runtime.rules.CompatibilityItems.Verdict;
import io.otelgraft.runtime.rules.NamedTests;
import io.otelgraft.runtime.rules.NamedTests.NamedTest;
import io.otelgraft.runtime.settings.SettingsReader;
import io.otelgraft.spi.ListVariable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The pages of {@code docs/reference} are made from what the code declares and does, and are as it
 * is. This rewrites them:
 *
 * <pre>
 * ./mvnw -pl runtime -am test -Dtest=ReferenceTest -Dsurefire.failIfNoSpecifiedTests=false -Dgolden=write
 * </pre>
 */
final class ReferenceTest {
  private static final Path FOLDER = Path.of("../docs/reference");

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final Pattern STORY =
      Pattern.compile("(lang-[^/]+|runtime|e2e)/src/test/resources/golden/[^/]+");

  private static final Comparator<Path> BY_NAME =
      Comparator.comparing((Path folder) -> folder.getFileName().toString())
          .thenComparing(Comparator.naturalOrder());

  private static final Catalogue CATALOGUE = Plugins.load(ShippedPlugins.FOLDER);

  private static final String ALL = "all";

  /** What each variable that is set brings along where a source may hold it. */
  private static final String OF_ENV_FROM = "envFrom of the pod";

  private static final String KEEP_ENV_FROM = "let count what the pod gives";
  private static final String KEY_OF_POD = "label or annotation ";
  private static final String VARIABLE = "variable ";

  private static final Pattern CODE =
      Pattern.compile("/\\*\\* (.*?) \\*/\\s+(?:public )?static final String \\w+ = \"(\\w+)\";");

  private final StringBuilder page = new StringBuilder();

  @Test
  void every_setting_is_listed() throws IOException {
    title("Settings", "How they are set stands in [the guide](../cli.md#settings).");
    table("setting", "environment variable", "default", "meaning");
    SettingsReader.keys()
        .forEach(key ->
            row(
                code(key.name()),
                code(key.environmentVariable()),
                key.defaultText(),
                key.description() + among(key.choices())));
    check("settings.md");
  }

  @Test
  void every_annotation_is_listed() throws IOException, IllegalAccessException {
    title(
        "Annotations",
        "On a pod, or on its namespace for all pods, unless another place is named. Those of"
            + " `resource.opentelemetry.io/` stand in [resource attributes](../resource-attributes.md).");
    table("annotation", "language", "values", "meaning");
    row(
        code(Annotations.CONTAINER_NAMES),
        "all",
        "names, by commas",
        "The containers to instrument.");
    row(
        code(Annotations.DEFAULT_CONTAINER),
        "all",
        "a name",
        "The container to instrument, where no annotation of Graft names one.");
    row(
        code(Annotations.AGENT_DELIVERY),
        "all",
        "`copy`, `image-volume`",
        "How agents get into the pod: [delivery](../delivery.md).");
    row(
        code(Annotations.IMAGE_ENV),
        "all",
        "lines of `[CONTAINER/]NAME=VALUE`",
        "What the pod's images set in their environment: [safety](../safety.md).");
    row(
        code(Annotations.BESIDE_OTHER_AGENTS),
        "all",
        "`true`",
        "Has the pod instrumented although another agent is in it already. On the pod only.");
    for (LoadedPlugin plugin : CATALOGUE.languages()) {
      String title = plugin.language().title();
      row(
          code(plugin.injectAnnotation()),
          title,
          "`true`, `false`, `NAME`, `NAMESPACE/NAME`",
          "Asks for the language, by the one Instrumentation of the namespace or that of a name.");
      row(
          code(plugin.containerNamesAnnotation()),
          title,
          "names, by commas",
          "The containers of this language.");
      plugin
          .language()
          .olderContainerNamesKey()
          .ifPresent(key ->
              row(
                  code(Annotations.PREFIX + key),
                  title,
                  "names, by commas",
                  "The same, as the OpenTelemetry Operator spells it."));
      plugin
          .language()
          .annotations()
          .forEach(setting ->
              row(
                  code(Annotations.PREFIX + setting.key()),
                  title,
                  setting.choices().stream()
                      .map(ReferenceTest::code)
                      .collect(Collectors.joining(", ")),
                  setting.description() + (setting.isPodOnly() ? " On the pod only." : "")));
    }
    for (LoadedPlugin plugin : CATALOGUE.languages()) {
      if (plugin.language().hasAgent()) {
        row(
            code(plugin.operatorDefaultImageAnnotation()),
            plugin.language().title(),
            "an image",
            "On the Instrumentation, written by the OpenTelemetry Operator: the image that is not"
                + " its author's choice ([moving over](../compatibility.md)).");
      }
    }
    row(
        code("owner"),
        "",
        "text",
        "On the Instrumentation: who is to be asked; stands in rejections.");
    row(code("runbook"), "", "URL", "On the Instrumentation: what to do; stands in rejections.");
    row(
        code(Annotations.MIRROR),
        "",
        "any",
        "Set by the kubelet on a static pod, which is left alone.");
    row(code(Annotations.MARK), "", "JSON", "Written by Graft: what was injected, and from what.");
    row(code(Annotations.SAFE_TO_EVICT), "", "volumes", "Extended by Graft with its own volumes.");
    assertThat(known())
        .as("annotations that Graft reads or writes")
        .allSatisfy(key -> assertThat(page.toString()).contains("| " + code(key) + " |"));
    check("annotations.md");
  }

  /** The annotations of the catalogue, and the constants that are whole keys. */
  private static Set<String> known() throws IllegalAccessException {
    Set<String> keys = new TreeSet<>(CATALOGUE.annotations());
    for (Field field : Annotations.class.getFields()) {
      String key = (String) field.get(null);
      if (key.contains("/") && !key.endsWith("/") && !key.endsWith("-")) {
        keys.add(key);
      }
    }
    return keys;
  }

  @Test
  void every_field_of_the_instrumentation_is_listed() throws IOException {
    title(
        "Fields of the Instrumentation",
        "`opentelemetry.io/v1alpha1`, as `graft crds` has it. Fields of the Kubernetes API are not"
            + " unfolded.");
    table("field", "type", "meaning");
    fields(
        "spec",
        InstrumentationSchema.definition(CATALOGUE)
            .at("/spec/versions/0/schema/openAPIV3Schema/properties/spec"));
    check("instrumentation.md");
  }

  /** Kubernetes' own types are long, and told by its own documentation. */
  private void fields(String path, JsonNode schema) {
    for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
      String at = path + "." + field.getKey();
      JsonNode type = field.getValue();
      List<String> choices = new ArrayList<>();
      type.path("enum").forEach(choice -> choices.add(choice.asText()));
      type.at("/items/enum").forEach(choice -> choices.add(choice.asText()));
      row(
          code(at),
          type.path("type").asText(type.has("x-kubernetes-int-or-string") ? "quantity" : "any"),
          type.path("description").asText() + among(choices));
      boolean ofKubernetes =
          Stream.of("env", "attrs", "resources", "resourceRequirements", "volumeClaimTemplate")
                  .anyMatch(field.getKey()::equals)
              || field.getKey().endsWith("ecurityContext");
      if (!ofKubernetes) {
        fields(at, type);
        fields(at + "[]", type.path("items"));
      }
    }
  }

  @Test
  void every_reason_is_listed() throws IOException {
    title(
        "Reasons",
        "The code of a decision or finding: the same in `explain`, `lint`, the log, the metrics and"
            + " the page. Each is shown by golden pods, of which a few are named here"
            + " ([all of them](rules.md)), or by tests where it comes of what happens while Graft runs.");
    table("code", "language", "meaning", "shown by");
    Map<String, String> codes = new TreeMap<>();
    for (String file : List.of("Reasons", "Note")) {
      String source =
          Files.readString(
              Path.of("../core/src/main/java/io/otelgraft/core/injection/" + file + ".java"));
      Matcher matcher =
          CODE.matcher(
              source.replaceAll("\\n\\s*\\*/", " */").replaceAll("\\n\\s*\\*(?!/) ?", " "));
      while (matcher.find()) {
        codes.put(
            matcher.group(2),
            matcher.group(1).replaceAll("\\{@code ((?:[^{}]|\\{[^{}]*})*)}", "`$1`"));
      }
    }
    assertThat(codes).containsKeys("Injected", "SdkDisabled", "InstrumentationNotFound");
    Examples examples = new Examples();
    golden(examples::add);
    Set<NamedTest> tests = NamedTests.ofReasons(ROOT);
    assertThat(tests)
        .allSatisfy(test -> assertThat(codes).as(test.toString()).containsKey(test.item()))
        .allSatisfy(test -> assertThat(test.runs()).as(test.toString()).isTrue());
    codes.forEach((reason, meaning) -> {
      String shown =
          Stream.concat(
                  examples.of(reason, "").stream(),
                  tests.stream()
                      .filter(test -> test.item().equals(reason))
                      .map(test -> "[%s](../../%s)".formatted(test.name(), test.path())))
              .collect(Collectors.joining(", "));
      assertThat(shown)
          .as(
              "what shows the reason %s: a golden pod, or where no pod can, a test with @ShowsReason",
              reason)
          .isNotEmpty();
      row(code(reason), "", meaning, shown);
    });
    for (LoadedPlugin plugin : CATALOGUE.languages()) {
      plugin
          .language()
          .reasons()
          .forEach(reason ->
              row(
                  code(reason.code()),
                  plugin.language().title(),
                  reason.meaning(),
                  String.join(", ", examples.of(reason.code(), plugin.id()))));
    }
    check("reasons.md");
  }

  @Test
  void every_sign_of_another_agent_is_listed() throws IOException {
    title(
        "Signs of other agents",
        "What Graft takes for an agent that is there already ([safety](../safety.md)). Beside these,"
            + " a language looks into its own options, commands and lists.");
    table("product", "sign", "language");
    OtherAgents.SIGNS.forEach(sign -> row(sign.product(), inWords(sign), ""));
    for (LoadedPlugin plugin : CATALOGUE.languages()) {
      plugin
          .language()
          .otherAgents()
          .forEach(sign ->
              row(
                  sign.product(),
                  switch (sign.place()) {
                    case POD_KEY -> KEY_OF_POD + code(sign.name());
                    case VARIABLE -> VARIABLE + code(sign.name());
                  },
                  plugin.language().title()));
    }
    page.append(
        "\nA variable is none where the pod sets it to nothing, `false` or `0`, or switches"
            + " the product off:\n\n");
    table("product", "switched off by");
    new TreeMap<>(OtherAgents.SWITCHES).forEach((product, names) -> row(product, codes(names)));
    check("other-agents.md");
  }

  private static String inWords(OtherAgents.Sign sign) {
    String text = code(sign.text());
    return switch (sign.place()) {
      case POD_KEY -> KEY_OF_POD + text;
      case VARIABLE -> VARIABLE + text;
      case PRELOADED -> "`LD_PRELOAD` with " + text + " in its path";
      case INIT_CONTAINER -> "init container whose name begins with " + text;
      case VOLUME -> "mounted volume " + text;
    };
  }

  /** The golden pods that a reason is given for. */
  private static final class Examples {
    private static final int MOST = 3;

    private final Map<String, Map<String, TreeSet<Path>>> byReason = new TreeMap<>();

    void add(Path folder, JsonNode decision) {
      add(decision.path("reason").asText(), "", folder);
      for (JsonNode finding : decision.path("findings")) {
        String reason = finding.path("reason").asText();
        add(reason, "", folder);
        add(reason, finding.path("language").asText(), folder);
      }
    }

    private void add(String reason, String language, Path folder) {
      byReason
          .computeIfAbsent(reason, _ -> new TreeMap<>())
          .computeIfAbsent(language, _ -> new TreeSet<>(BY_NAME))
          .add(folder);
    }

    /** A few, those first that are named after the reason. */
    List<String> of(String reason, String language) {
      String name = reason.replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
      TreeSet<Path> folders =
          byReason.getOrDefault(reason, Map.of()).getOrDefault(language, new TreeSet<>());
      return folders.stream()
          .sorted(
              Comparator.comparing((Path folder) -> !folder.getFileName().toString().equals(name)))
          .limit(MOST)
          .map(folder -> "[%s](%s/pod.yaml)".formatted(folder.getFileName(), link(folder)))
          .toList();
    }
  }

  /**
   * Those that a golden pod shows, with why. The contract of plugins sees to it that a pod shows
   * each that a language declares. What Graft itself sets in a container that is instrumented is
   * set for any language.
   */
  @Test
  void every_environment_variable_that_graft_sets_is_listed() throws IOException {
    Map<String, Map<String, TreeSet<String>>> variables = new TreeMap<>();
    BiConsumer<Path, JsonNode> collect =
        (folder, decision) -> {
          String pod = read(folder.resolve("pod.yaml"));
          for (JsonNode edit : decision.path("edits")) {
            String name = edit.path("name").asText();
            String source = edit.path("source").asText();
            boolean ofUser =
                source.matches("spec\\.(\\w+\\.)?env .*") || pod.contains("name: " + name + "\n");
            if (edit.path("part").asText().equals("variable") && !ofUser) {
              boolean ofLanguage =
                  source.startsWith("language ")
                      || source.equals(OF_ENV_FROM)
                      || !isInstrumented(edit.path("container").asText(), decision);
              variables
                  .computeIfAbsent(name, _ -> new TreeMap<>())
                  .computeIfAbsent(edit.path("rule").asText(), _ -> new TreeSet<>())
                  .add(ofLanguage ? edit.path("language").asText() : ALL);
            }
          }
        };
    golden(collect);
    Path everything = Path.of("src/test/resources/reference/everything");
    collect.accept(everything, explained(everything));
    assertThat(variables)
        .containsKeys("OTEL_SERVICE_NAME", "JAVA_TOOL_OPTIONS", "OTEL_EXPORTER_OTLP_CLIENT_KEY");
    title(
        "Environment variables that Graft sets",
        "In containers, beside those that `env` of a resource or `defaults.env` name. A value of the"
            + " pod is never overwritten; lists are extended.");
    table("variable", "what for", "languages");
    variables.forEach((name, rules) -> {
      boolean ofAll = rules.values().stream().anyMatch(languages -> languages.contains(ALL));
      rules.forEach((rule, languages) ->
          row(
              code(name),
              rule,
              languages.contains(ALL) || (ofAll && rule.equals(KEEP_ENV_FROM))
                  ? ALL
                  : String.join(", ", languages)));
    });
    for (LoadedPlugin plugin : CATALOGUE.languages()) {
      Stream.concat(
              plugin.language().listVariables().stream().map(ListVariable::name),
              plugin.language().variables().stream())
          .forEach(name ->
              assertThat(
                      variables.getOrDefault(name, Map.of()).values().stream().flatMap(Set::stream))
                  .as("languages that set %s", name)
                  .containsAnyOf(plugin.id(), ALL));
    }
    check("environment.md");
  }

  private static boolean isInstrumented(String container, JsonNode decision) {
    for (JsonNode language : decision.path("injected")) {
      for (JsonNode name : language.path("containers")) {
        if (name.asText().equals(container)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Each golden pod is an example of a rule. */
  @Test
  void every_rule_is_shown_by_an_example() throws IOException {
    title(
        "Rules by example",
        "Each row is a pod that the tests inject: what it is about, the pod as it is asked for, and"
            + " what becomes of it.");
    table("language", "rule", "example", "result", "what is told");
    golden((folder, decision) -> {
      String path = link(folder);
      row(
          ofWhat(ROOT.relativize(folder).getName(0).toString()),
          about(folder),
          "[%s](%s/pod.yaml)".formatted(folder.getFileName(), path),
          "[%s](%s/expected.yaml)".formatted(decision.path("outcome").asText(), path),
          "[%s](%s/findings.txt)".formatted(decision.path("reason").asText(), path));
    });
    check("rules.md");
  }

  /** With the tests that name each item. */
  @Test
  void what_the_operator_does_is_listed_with_what_graft_does() throws IOException {
    CompatibilityItems compatibility = CompatibilityItems.read();
    Map<String, List<NamedTest>> tests =
        NamedTests.in(ROOT).stream().collect(Collectors.groupingBy(NamedTest::item));
    title(
        "The OpenTelemetry Operator and Graft, item by item",
        "What the operator (0.158) does when it injects, what Graft does, and the tests that prove"
            + " it. ⚠ marks what loses telemetry, breaks pods, or is not what was asked for.");
    page.append(
        """
        - **same**: for users and pods it is the same, under [`compatibility: operator`](../compatibility.md) where that matters
        - **better**: Graft does what was asked for, in every mode
        - **differs**: another choice, which the text explains
        - **not applicable**: there is nothing of the kind in Graft
        - **not yet**: Graft lacks it

        """);
    page.append("Not yet: ")
        .append(
            compatibility.items().stream()
                .filter(item -> item.verdict() == Verdict.NOT_YET)
                .map(item -> code(item.id()))
                .collect(Collectors.joining(", ")))
        .append(". [Flags of the operator](#flags-of-the-operator) are at the end.\n");
    for (CompatibilityItems.Section section : compatibility.sections()) {
      page.append("\n## ").append(section.title()).append("\n\n");
      table("item", "the operator", "Graft", "proved by");
      for (Item item : section.items()) {
        row(
            code(item.id()),
            (item.defect() ? "⚠ " : "") + item.operator(),
            "**" + item.verdict().word() + "**: " + item.graft(),
            tests.getOrDefault(item.id(), List.of()).stream()
                .map(test -> "[%s](../../%s)".formatted(test.name(), test.path()))
                .collect(Collectors.joining(", ")));
      }
    }
    page.append("\n## Flags of the operator\n\n");
    table("flag, variable, key of the file", "setting of Graft", "how");
    compatibility
        .flags()
        .forEach(flag -> row(codes(flag.names()), codes(flag.settings()), flag.graft()));
    check("compatibility.md");
  }

  private static String codes(List<String> texts) {
    return texts.stream().map(ReferenceTest::code).collect(Collectors.joining(", "));
  }

  /** What the golden pods of a module are about. */
  private static String ofWhat(String module) {
    return switch (module) {
      case "runtime" -> "any";
      case "e2e" -> "several";
      default -> module.replace("lang-", "");
    };
  }

  private static String link(Path folder) {
    return "../../" + ROOT.relativize(folder);
  }

  private static String about(Path folder) {
    String text =
        read(folder.resolve("pod.yaml"))
            .lines()
            .takeWhile(line -> line.startsWith("#"))
            .filter(line -> !line.startsWith("# Compatibility:"))
            .map(line -> line.substring(1).strip())
            .collect(Collectors.joining(" "));
    return text.isEmpty() ? folder.getFileName().toString().replace('-', ' ') : text;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void golden(BiConsumer<Path, JsonNode> story) {
    GoldenPod.ALL.forEach(pod -> story.accept(pod.folder(), pod.decision()));
  }

  /** A golden pod with what is decided about it. */
  private record GoldenPod(Path folder, JsonNode decision) {
    /** All there are, in the order of their folders. */
    static final List<GoldenPod> ALL = all();

    private static List<GoldenPod> all() {
      try (Stream<Path> found = Files.walk(ROOT, 6)) {
        List<GoldenPod> pods =
            found
                .filter(path -> STORY.matcher(ROOT.relativize(path).toString()).matches())
                .sorted()
                .map(folder -> new GoldenPod(folder, explained(folder)))
                .toList();
        assertThat(pods).isNotEmpty();
        return pods;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static JsonNode explained(Path folder) {
    var arguments =
        new ArrayList<>(
            List.of(
                "explain",
                "-o",
                "json",
                "-f",
                folder.resolve("pod.yaml").toString(),
                "--resources",
                folder.resolve("instrumentation.yaml").toString()));
    if (Files.exists(folder.resolve("settings.yaml"))) {
      arguments.addAll(List.of("--settings", folder.resolve("settings.yaml").toString()));
    }
    var run = graft(arguments.toArray(String[]::new));
    assertThat(run.exit()).as(run.err()).isZero();
    try {
      return new ObjectMapper().readTree(run.out()).get(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String among(List<String> choices) {
    return choices.isEmpty() ? "" : " (" + String.join(", ", choices) + ")";
  }

  private static String code(String text) {
    return "`" + text + "`";
  }

  private void title(String title, String introduction) {
    page.append("# ").append(title).append("\n\n").append(introduction).append("\n\n");
    page.append("This page is made from the code; `ReferenceTest` says how.\n\n");
  }

  private void table(String... headings) {
    row(headings);
    page.append("|---".repeat(headings.length)).append("|\n");
  }

  private void row(String... cells) {
    for (String cell : cells) {
      page.append("| ").append(cell.replace("|", "\\|").replaceAll("\\s+", " ")).append(' ');
    }
    page.append("|\n");
  }

  private void check(String name) throws IOException {
    Golden.check(FOLDER.resolve(name), page.toString());
  }
}
