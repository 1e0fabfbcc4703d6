package io.otelgraft.runtime.rules;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.POJONode;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.otelgraft.fixtures.Compatibility;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Which package may use which: the data flows one way. */
final class PackageRulesTest {
  private static final String CORE = "io.otelgraft.core.";

  /** Each package of core with those of its neighbours that it may use. */
  private static final Map<String, List<String>> MAY_USE =
      Map.of(
          "document", List.of(),
          "plugin", List.of(),
          "resource", List.of("document", "plugin"),
          "injection", List.of("document", "plugin", "resource"),
          "admission", List.of("document", "plugin", "resource", "injection"));

  @SuppressWarnings("unused") // Named by the parameterized test.
  private static final List<String> PACKAGES = MAY_USE.keySet().stream().sorted().toList();

  private static final String RUNTIME = "io.otelgraft.runtime.";

  /** Each package of runtime with those of its neighbours that it may use. */
  private static final Map<String, List<String>> OF_RUNTIME_MAY_USE =
      Map.ofEntries(
          entry("settings", List.of()),
          entry("tls", List.of("settings", "watch")),
          entry("watch", List.of()),
          entry("image", List.of()),
          entry("explanation", List.of()),
          entry("migration", List.of("explanation")),
          entry("server", List.of("settings")),
          entry("telemetry", List.of("settings", "server")),
          entry("page", List.of("settings", "server", "explanation")),
          entry("control", List.of("settings", "tls", "server")),
          entry(
              "cli",
              List.of(
                  "settings",
                  "tls",
                  "watch",
                  "image",
                  "explanation",
                  "migration",
                  "server",
                  "telemetry",
                  "page",
                  "control")));

  /** Who alone may use a library of the runtime's. */
  private static final Map<String, List<String>> USERS =
      Map.of(
          "picocli", List.of("cli"),
          "io.helidon", List.of("server", "tls", "page", "cli"),
          "org.bouncycastle", List.of("server", "tls"),
          "io.otelgraft.cluster", List.of("control", "cli"),
          "io.prometheus", List.of("telemetry"),
          "io.opentelemetry", List.of("telemetry"));

  @SuppressWarnings("unused") // Named by the parameterized test.
  private static final List<String> PACKAGES_OF_RUNTIME =
      OF_RUNTIME_MAY_USE.keySet().stream().sorted().toList();

  private static final JavaClasses ALL = classesOf("spi", "core", "testkit", "runtime");
  private static final JavaClasses CORE_CLASSES = ALL.that(resideInAPackage(CORE + "."));
  private static final JavaClasses RUNTIME_CLASSES = ALL.that(resideInAPackage(RUNTIME + "."));

  @ParameterizedTest
  @FieldSource("PACKAGES")
  void a_package_of_core_uses_those_before_it_on_the_way_of_the_data(String name) {
    check(name, CORE, MAY_USE, CORE_CLASSES);
  }

  @ParameterizedTest
  @FieldSource("PACKAGES_OF_RUNTIME")
  void a_package_of_runtime_uses_what_it_is_made_of_and_the_command_line_puts_all_together(
      String name) {
    check(name, RUNTIME, OF_RUNTIME_MAY_USE, RUNTIME_CLASSES);
  }

  private static void check(
      String name, String root, Map<String, List<String>> mayUse, JavaClasses classes) {
    var neighbours =
        mayUse.keySet().stream()
            .filter(other -> !other.equals(name) && !mayUse.get(name).contains(other))
            .map(other -> root + other + "..")
            .toArray(String[]::new);

    if (neighbours.length == 0) {
      return; // It may use all.
    }
    noClasses()
        .that()
        .resideInAPackage(root + name + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(neighbours)
        .allowEmptyShould(true) // A folder may be ahead of its first class.
        .check(classes);
  }

  @Test
  void a_library_stays_in_the_packages_that_are_about_it() {
    USERS.forEach((library, packages) ->
        noClasses()
            .that()
            .resideOutsideOfPackages(
                packages.stream().map(name -> RUNTIME + name + "..").toArray(String[]::new))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(library + "..")
            .check(RUNTIME_CLASSES));
  }

  @Test
  void runtime_has_no_package_that_these_rules_do_not_know() {
    var known =
        Stream.concat(
                Stream.of(RUNTIME.substring(0, RUNTIME.length() - 1)),
                PACKAGES_OF_RUNTIME.stream().map(name -> RUNTIME + name + ".."))
            .toArray(String[]::new);

    assertThat(RUNTIME_CLASSES).isNotEmpty();
    classes().should().resideInAnyPackage(known).check(RUNTIME_CLASSES);
  }

  @Test
  void core_has_no_package_that_these_rules_do_not_know() {
    var known = PACKAGES.stream().map(name -> CORE + name + "..").toArray(String[]::new);

    assertThat(CORE_CLASSES).isNotEmpty();
    classes().should().resideInAnyPackage(known).check(CORE_CLASSES);
  }

  @Test
  void no_packages_use_each_other_in_a_circle() {
    slices().matching("io.otelgraft.(**)").should().beFreeOfCycles().check(ALL);
  }

  @Test
  @Compatibility({"2-certificates", "6.4-waiting", "8-proxies"})
  void what_decides_reaches_neither_for_the_network_nor_for_the_environment() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.net.http..", "javax.net..")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching(
            "java\\.(net|nio\\.channels)\\..*Socket.*|java\\.net\\.(Http)?URLConnection")
        .orShould()
        .callMethod(System.class, "getenv")
        .orShould()
        .callMethod(System.class, "getenv", String.class)
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .check(CORE_CLASSES);
  }

  /** Databinding caches types for ever: one of a plugin would pin the plugin's layer. */
  @Test
  void objects_never_become_trees_by_reflection() {
    noClasses()
        .should()
        .callMethod(ObjectMapper.class, "valueToTree", Object.class)
        .orShould()
        .callMethod(ObjectMapper.class, "convertValue", Object.class, Class.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(POJONode.class)
        .check(CORE_CLASSES);
  }

  private static JavaClasses classesOf(String... folders) {
    var modules = Reactor.modules();
    return new ClassFileImporter()
        .importPaths(
            Stream.of(folders).map(folder -> modules.get(folder).classes()).toArray(Path[]::new));
  }
}
