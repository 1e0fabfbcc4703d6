package io.otelgraft.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.fixtures.PluginJar;
import io.otelgraft.testkit.Judgement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Breaks what Graft promises by plugins that do wrong, to see that {@link AnyPodIT} would find it.
 * What no plugin can break is broken in the test kit's own tests, where its checks live.
 */
final class BrokenPromisesIT {
  private static final int SEEDS = 3000;

  @TempDir private Path folder;

  private static PluginJar plugin(String... inject) {
    return PluginJar.language("quill")
        .declaring(".section(\"quill\").image(\"example.org/quill\", \"1\")")
        .member("public void inject(Injection in) { " + String.join("\n", inject) + " }");
  }

  static Stream<Arguments> sabotages() {
    return Stream.of(
        Arguments.of(
            "the pod is injected, left alone, or rejected with what to do",
            plugin("throw new IllegalStateException();")),
        Arguments.of(
            "a valid pod stays valid",
            plugin("in.init(\"x\").securityContext(Map.of(\"runAsUser\", -1));")),
        Arguments.of(
            "a restricted pod stays restricted",
            plugin("in.init(\"x\").securityContext(Map.of(\"privileged\", true));")),
        Arguments.of(
            "the same pod becomes the same bytes, in whatever order plugins are found",
            plugin(
                "in.edit(in.targets().getFirst()).env().setIfAbsent(\"AT\", \"\" + System.nanoTime());")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("sabotages")
  void a_plugin_that_breaks_a_promise_is_found(String promise, PluginJar plugin) {
    plugin.in(folder);

    String failure = failure();

    assertThat(failure).contains(promise + ": ");
  }

  @Test
  void a_failure_can_be_had_again_by_its_seed_and_in_its_simplest_form() {
    plugin("if (in.targets().size() > 1) { throw new IllegalStateException(); }").in(folder);

    String failure = failure();

    Search again = search();
    assertThat(again.failure(Long.parseLong(option("seed", failure)))).isPresent();
    int[] simplest =
        Stream.of(option("choices", failure).split(",")).mapToInt(Integer::parseInt).toArray();
    assertThat(again.failure(simplest))
        .hasValueSatisfying(told -> assertThat(failure).endsWith(told));
  }

  private Search search() {
    return new Search(folder, Duration.ofSeconds(5), (_, _, _) -> {});
  }

  private String failure() {
    Search search = search();
    return LongStream.range(1, SEEDS)
        .mapToObj(search::failure)
        .flatMap(Optional::stream)
        .findFirst()
        .orElseThrow(() -> new AssertionError("nothing was found in " + SEEDS + " cases"));
  }

  private static String option(String name, String failure) {
    Matcher option = Pattern.compile("-Dgraft\\.any\\." + name + "=([\\d,]+)").matcher(failure);
    assertThat(option.find()).as(failure).isTrue();
    return option.group(1);
  }

  @Test
  void a_patch_that_makes_another_pod_is_found() {
    ObjectNode before = Fragments.yaml("{spec: {containers: []}}");
    ObjectNode after = Fragments.yaml("{spec: {containers: [], hostPID: true}}");
    ArrayNode right =
        (ArrayNode) Fragments.yaml("{it: [{op: add, path: /spec/hostPID, value: true}]}").get("it");
    ArrayNode impossible =
        (ArrayNode) Fragments.yaml("{it: [{op: remove, path: /spec/nothing}]}").get("it");

    assertThat(Breaches.of(injected(before, right, after))).isEmpty();
    assertThat(Breaches.of(injected(before, right.deepCopy().removeAll(), after)))
        .singleElement()
        .asString()
        .startsWith(Breaches.PATCH);
    assertThat(Breaches.of(injected(before, impossible, after)))
        .singleElement()
        .asString()
        .startsWith(Breaches.PATCH);
  }

  private static Judgement injected(ObjectNode before, ArrayNode patch, ObjectNode after) {
    return new Judgement(
        200,
        true,
        "INJECTED",
        "Injected",
        "",
        Set.of("quill"),
        true,
        before,
        patch,
        after,
        List.of());
  }
}
