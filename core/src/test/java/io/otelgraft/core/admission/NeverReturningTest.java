package io.otelgraft.core.admission;

import static io.otelgraft.core.admission.Scene.inject;
import static io.otelgraft.core.admission.Scene.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.otelgraft.core.admission.Decision.Outcome;
import io.otelgraft.core.admission.Scene.MadeUp;
import io.otelgraft.spi.Language;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A plugin that never returns, under load. */
final class LoopingPluginTest {
  private static final int PODS = 400;

  @Test
  void pods_that_come_together_lose_only_the_language_that_loops() throws Exception {
    var end = new CountDownLatch(1);
    var looping =
        new MadeUp("quill", 10)
            .injecting(injection -> {
              while (end.getCount() > 0) {
                Thread.onSpinWait();
              }
            });
    Admission admission =
        Scene.empty()
            .with(looping)
            .with(() -> Language.named("kit").build())
            .with(Scene.INSTRUMENTATION)
            .admission();
    var quill = request(inject("quill", "true"));
    var kit = request(inject("kit", "true"));

    var decisions = new ArrayList<Future<Decision>>();
    try (var requests = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < PODS; i++) {
        PodRequest request = i % 2 == 0 ? quill : kit;
        decisions.add(requests.submit(() -> admission.decide(request)));
      }
    } finally {
      end.countDown();
    }

    for (int i = 0; i < PODS; i += 2) {
      Decision ofQuill = decisions.get(i).get();
      assertThat(ofQuill.isAllowed()).isTrue();
      assertThat(ofQuill.warnings()).singleElement().asString().contains("quill");
      Decision ofKit = decisions.get(i + 1).get();
      assertThat(ofKit.outcome()).as(ofKit.message()).isEqualTo(Outcome.INJECTED);
    }
  }

  private static PodRequest request(String annotation) {
    return PodTemplate.in(Scene.tree(pod(annotation)), "shop").getFirst().request();
  }
}
