package io.otelgraft.testkit;

import io.otelgraft.spi.LanguagePlugin;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What a language plugin has to keep to, as tests. Its author writes a test class that implements
 * this interface, and tells stories about pods as {@link GoldenFiles}:
 *
 * <pre>{@code
 * final class QuillPluginTest implements LanguagePluginContract {
 *   public LanguagePlugin plugin() {
 *     return new QuillPlugin();
 *   }
 * }
 * }</pre>
 *
 * <p>The tests inject into the pods of the stories, and into variations of them: restricted pods,
 * guaranteed ones, pods with fields that nobody knows, with containers that have nothing to do with
 * it, with another language beside.
 */
public interface LanguagePluginContract {

  /** Makes the plugin. */
  LanguagePlugin plugin();

  /**
   * Where the stories are.
   *
   * @return a folder that holds one for each, {@code src/test/resources/golden} unless overridden
   */
  default Path stories() {
    return Path.of("src", "test", "resources", "golden");
  }

  /**
   * Identity, texts and defaults: what users read in the schema and the guide is there, keys come
   * once, defaults are values that are allowed.
   */
  @Test
  default void the_declaration_is_complete() {
    Breaches.none(Declaration.problems(plugin()));
  }

  /** Each story's {@code expected.yaml} and {@code findings.txt} are what becomes of its pod. */
  @TestFactory
  default Stream<DynamicTest> each_story_ends_as_its_files_say() {
    return GoldenFiles.tests(stories(), plugin());
  }

  /** No reason is given that is not declared, and each declared one is seen at work. */
  @Test
  default void each_reason_is_declared_and_has_a_story() {
    Breaches.none(new Coverage(plugin(), GoldenFiles.in(stories())).reasons());
  }

  /** Something is injected, and each list variable that is declared is extended. */
  @Test
  default void each_list_variable_is_extended_in_a_story() {
    Breaches.none(new Coverage(plugin(), GoldenFiles.in(stories())).listVariables());
  }

  /** No variable is set that is not declared, and each declared one is seen set. */
  @Test
  default void each_variable_is_declared_and_has_a_story() {
    Breaches.none(new Coverage(plugin(), GoldenFiles.in(stories())).variables());
  }

  /** What Graft promises of each pod, for the pods of all stories and variations of them. */
  @TestFactory
  default Stream<DynamicNode> what_Graft_promises_of_pods_holds() {
    List<Trial> trials = Variation.trials(plugin(), GoldenFiles.in(stories()));
    return Stream.of(Guarantee.values())
        .map(guarantee ->
            DynamicTest.dynamicTest(guarantee.toString(), () -> Breaches.none(guarantee, trials)));
  }

  /**
   * For each variable that injection sets: where the pod sets it, as a value or from a ConfigMap,
   * the pod's counts, or is extended if it is a list.
   */
  @TestFactory
  default Stream<DynamicTest> a_variable_that_the_pod_sets_keeps_its_value() {
    return UserVariable.of(plugin(), GoldenFiles.in(stories())).stream()
        .map(variable ->
            DynamicTest.dynamicTest(variable.toString(), () -> Breaches.none(variable.breaches())));
  }

  /**
   * Each sign of another agent that is declared keeps the language out of a pod that has it, and
   * does not where the pod switches that agent off.
   */
  @TestFactory
  default Stream<DynamicTest> a_sign_of_another_agent_keeps_the_language_out() {
    return SignOfAnotherAgent.of(plugin(), GoldenFiles.in(stories())).stream()
        .map(
            sign -> DynamicTest.dynamicTest(sign.toString(), () -> Breaches.none(sign.breaches())));
  }
}
