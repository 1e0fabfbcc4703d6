package io.otelgraft.runtime.rules;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.otelgraft.fixtures.Compatibility;
import io.otelgraft.runtime.rules.CompatibilityItems.Flag;
import io.otelgraft.runtime.rules.CompatibilityItems.Item;
import io.otelgraft.runtime.rules.CompatibilityItems.Verdict;
import io.otelgraft.runtime.rules.NamedTests.NamedTest;
import io.otelgraft.runtime.settings.SettingsReader;
import io.otelgraft.spi.Language;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each item of {@code docs/reference/compatibility.yaml} has a test that names it. */
final class CompatibilityTest {
  private static final CompatibilityItems COMPATIBILITY = CompatibilityItems.read();
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Set<NamedTest> TESTS = NamedTests.in(ROOT);

  private static Set<String> named() {
    return TESTS.stream().map(NamedTest::item).collect(toSet());
  }

  @Test
  void an_item_has_a_test_that_names_it_unless_graft_lacks_it() {
    Set<String> named = named();

    assertThat(COMPATIBILITY.items())
        .filteredOn(item -> (item.verdict() == Verdict.NOT_YET) == named.contains(item.id()))
        .as("items without a test, and items that Graft is said to lack although a test names them")
        .extracting(Item::id)
        .isEmpty();
  }

  @Test
  void a_test_names_what_is_an_item() {
    List<String> ids = COMPATIBILITY.items().stream().map(Item::id).toList();

    assertThat(TESTS).filteredOn(test -> !ids.contains(test.item())).isEmpty();
  }

  @Test
  void what_names_an_item_is_run() {
    assertThat(TESTS).filteredOn(test -> !test.runs()).isEmpty();
  }

  @Test
  void an_item_has_an_id_of_its_own_that_begins_with_the_number_of_its_chapter() {
    Set<String> ids = new HashSet<>();

    assertThat(COMPATIBILITY.sections())
        .allSatisfy(section -> {
          String number = section.title().replaceFirst("[.]? .*", "");
          assertThat(section.items())
              .isNotEmpty()
              .allSatisfy(item -> {
                assertThat(item.id())
                    .matches(number.replace(".", "[.]") + "([.][0-9]+)?-[a-z0-9-]+");
                assertThat(ids.add(item.id())).as("%s is there once", item.id()).isTrue();
              });
        });
  }

  /** A defect is never copied. */
  @Test
  void what_is_a_defect_of_the_operator_is_none_of_graft() {
    assertThat(COMPATIBILITY.items())
        .filteredOn(Item::defect)
        .allSatisfy(item ->
            assertThat(item.verdict())
                .as(item.id())
                .isIn(Verdict.BETTER, Verdict.NOT_APPLICABLE, Verdict.NOT_YET));
  }

  @Test
  void each_scenario_of_the_operator_names_its_item() throws IOException {
    Path scenarios = ROOT.resolve("e2e/src/test/resources/operator");
    Set<String> naming =
        TESTS.stream()
            .filter(test -> test.item().startsWith("9-"))
            .map(NamedTest::path)
            .collect(toSet());

    try (Stream<Path> folders = Files.list(scenarios)) {
      assertThat(folders.map(folder -> ROOT.relativize(folder).toString())).isSubsetOf(naming);
    }
  }

  @Test
  @Compatibility("8-flags")
  void settings_and_languages_that_flags_of_the_operator_are_mapped_to_exist() {
    Set<String> settings = SettingsReader.keys().stream().map(key -> key.name()).collect(toSet());
    Set<String> languages =
        Reactor.languages().values().stream().map(Language::id).collect(toSet());

    assertThat(COMPATIBILITY.flags())
        .allSatisfy(flag -> {
          assertThat(settings).as(flag.graft()).containsAll(flag.settings());
          if (!flag.language().isEmpty()) {
            assertThat(languages).contains(flag.language());
          }
        });
    assertThat(COMPATIBILITY.flags()).flatExtracting(Flag::names).doesNotHaveDuplicates();
  }

  @Test
  void names_are_found_on_methods_and_in_the_first_comments_of_pods(@TempDir Path root)
      throws IOException {
    write(
        root.resolve("core/src/test/java/CartTest.java"),
        """
        class CartTest {
          @Test @Compatibility({"1-a", "1-b"}) void it_works() {}
          class Inner {
            @Compatibility(value = "1-c") void is_no_test() {}
          }
        }
        """);
    write(
        root.resolve("core/src/main/java/Cart.java"),
        "class Cart { @Compatibility(\"1-d\") int x; }");
    write(
        root.resolve("lang-x/src/test/resources/golden/plain/pod.yaml"),
        "# A pod.\n# Compatibility: 2-a, 2-b\nkind: Pod\n# Compatibility: 2-c\n");
    write(root.resolve("core/src/test/resources/pod.yaml"), "# Compatibility: 2-d\n");

    String source = "core/src/test/java/CartTest.java";
    String story = "lang-x/src/test/resources/golden/plain";
    assertThat(NamedTests.in(root))
        .containsExactly(
            new NamedTest("1-c", "CartTest.Inner.is_no_test", source, false),
            new NamedTest("1-a", "CartTest.it_works", source, true),
            new NamedTest("1-b", "CartTest.it_works", source, true),
            new NamedTest("2-a", "plain", story, true),
            new NamedTest("2-b", "plain", story, true));
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
