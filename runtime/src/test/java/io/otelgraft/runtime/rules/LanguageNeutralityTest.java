package io.otelgraft.runtime.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.otelgraft.runtime.rules.Reactor.Module;
import io.otelgraft.spi.Language;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything known about a language lives in its jar; nothing else knows one by name. */
final class LanguageNeutralityTest {
  private static final Map<String, Module> MODULES = Reactor.modules();
  private static final Map<String, Language> LANGUAGES = Reactor.languages();

  /** What the rule means, shown on languages that are declared here. */
  private static final LanguageNames EXAMPLES =
      new LanguageNames(
          List.of(
              Language.named("java").title("Java").section("java").image("image", "1").build(),
              Language.named("nodejs")
                  .title("Node.js")
                  .section("nodejs")
                  .image("image", "1")
                  .build(),
              Language.named("go").title("Go").section("go").image("image", "1").build(),
              Language.named("apache-httpd")
                  .title("Apache")
                  .section("apacheHttpd")
                  .image("image", "1")
                  .build(),
              Language.named("sdk").title("SDK").build()));

  @Test
  void no_constant_outside_of_the_plugins_names_a_language() {
    var names = new LanguageNames(LANGUAGES.values());

    assertThat(MODULES.values())
        .filteredOn(module -> !module.isPlugin())
        .hasSizeGreaterThanOrEqualTo(4)
        .flatMap(LanguageNeutralityTest::constants)
        .filteredOn(constant -> names.areIn(constant.text()))
        .isEmpty();
  }

  @Test
  void each_plugin_is_found_by_what_it_declares() {
    assertThat(LANGUAGES).isNotEmpty();
    assertThat(LANGUAGES)
        .allSatisfy((folder, language) ->
            assertThat(constants(MODULES.get(folder)))
                .as(folder)
                .anyMatch(constant -> new LanguageNames(List.of(language)).areIn(constant.text())));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "java",
        "JAVA",
        "spec.java.env",
        "spec.java.",
        "java.env",
        "JAVA_TOOL_OPTIONS",
        "isJava",
        "the Java agent",
        "inject-nodejs",
        "nodejsVersion",
        "/otel-auto-instrumentation-nodejs",
        "a Node.js process",
        "inject-go",
        "Go programs",
        "apacheHttpd",
        "apache-httpd-container-names",
        "inject-sdk"
      })
  void a_language_is_named_by(String text) {
    assertThat(EXAMPLES.areIn(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "java.base",
        "Ljava/lang/String;",
        "(Ljava/util/List<Ljava/lang/String;>;)V",
        "java.io.tmpdir",
        "java.",
        "Java 25",
        "Java SE",
        "needs Java \u0001",
        "Selection.java",
        "$SwitchMap$java$lang$System$Logger$Level",
        "JAVA_HOME",
        "the pods go on",
        "telemetry.sdk.name",
        "OTEL_SDK_DISABLED",
        "category",
        "container-names"
      })
  void no_language_is_named_by(String text) {
    assertThat(EXAMPLES.areIn(text)).isFalse();
  }

  private record Constant(Path file, String text) {}

  /** All texts in the constant pools: literals, names, the values of annotations. */
  private static List<Constant> constants(Module module) {
    return module.classFiles().stream().flatMap(LanguageNeutralityTest::constants).toList();
  }

  private static Stream<Constant> constants(Path classFile) {
    try {
      var pool = ClassFile.of().parse(classFile).constantPool();
      return StreamSupport.stream(pool.spliterator(), false)
          .filter(Utf8Entry.class::isInstance)
          .map(entry -> new Constant(classFile, ((Utf8Entry) entry).stringValue()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
