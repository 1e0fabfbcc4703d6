package io.otelgraft.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.admission.Admission;
import io.otelgraft.core.admission.Decision;
import io.otelgraft.core.admission.PodRequest;
import io.otelgraft.core.document.Documents;
import io.otelgraft.core.injection.PodFacts;
import io.otelgraft.core.injection.Reasons;
import io.otelgraft.core.plugin.Deadline;
import io.otelgraft.core.plugin.Patience;
import io.otelgraft.core.resource.FileResources;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.runtime.settings.SettingsException;
import io.otelgraft.runtime.settings.SettingsReader;
import io.otelgraft.testkit.PodValidity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Files with settings: bytes that are YAML, or were. */
final class FuzzSettingsIT {
  private static final Path FILE = file();

  /** Asks for the first language. */
  private static final ObjectNode POD =
      Fragments.yaml(
          "{apiVersion: v1, kind: Pod, metadata: {name: cart, namespace: shop, annotations: {'"
              + Shop.CATALOGUE.languages().getFirst().injectAnnotation()
              + "': 'true'}}, spec: {containers: [{name: app, image: 'shop/cart:1.2'}]}}");

  private static final Documents SHOP = Documents.read("shop", Shop.RESOURCES);
  private static final Deadline DEADLINE = new Deadline();
  private static final Set<String> FAILURES = Set.of(Reasons.GRAFT_FAILED, Reasons.PLUGIN_FAILED);

  private static Path file() {
    try {
      Path file = Files.createTempFile("settings", ".yaml");
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Those of the plugins' stories; all settings with what was given for them elsewhere. */
  static Stream<byte[]> seeds() {
    Stream<String> generated =
        IntStream.range(0, 40)
            .mapToObj(seed -> AnySettings.of(Choices.of(seed), Shop.PROMISES.languages()))
            .map(FuzzSettingsIT::yaml);
    Stream<String> named = SettingsReader.keys().stream().map(key -> key.name() + ": '1'\n");
    return Stream.concat(
        Seeds.settings(), Stream.concat(generated, named).map(text -> text.getBytes(UTF_8)));
  }

  private static String yaml(Map<String, String> settings) {
    StringBuilder text = new StringBuilder();
    settings.forEach((name, value) ->
        text.append(name).append(": '").append(value.replace("'", "''")).append("'\n"));
    return text.toString();
  }

  @MethodSource("seeds")
  @FuzzTest
  void whatever_settings_say_they_are_used_or_refused_with_a_word(byte[] text) {
    Promise.isKept(() -> {
      try {
        Files.write(FILE, text);
        return breaches(SettingsReader.read(Optional.of(FILE), Map.of(), List.of()).settings());
      } catch (SettingsException e) {
        return e.getMessage().isBlank() ? List.of("refused without a word") : List.of();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  /** What is wrong with what becomes of a pod by settings that are used. */
  private static List<String> breaches(Settings settings) {
    Decision decision =
        new Admission(
                () -> Shop.CATALOGUE,
                FileResources.of(SHOP.list(), "default", settings),
                () -> settings,
                DEADLINE,
                Patience.OF_A_COMMAND)
            .decide(PodRequest.create(POD, PodFacts.of(POD, "shop")));
    List<String> breaches = new ArrayList<>();
    if (FAILURES.contains(decision.reason())) {
      breaches.add(decision.message());
    }
    PodValidity.ofPod(decision.pod()).forEach(problem -> breaches.add(problem.toString()));
    return breaches;
  }
}
