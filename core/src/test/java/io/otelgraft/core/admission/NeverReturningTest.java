package io.otelgraft.core.admission;

import static io.otelgraft.core.admission.Scene.inject;
import static io.otelgraft.core.admission.Scene.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.otelgraft.core.admission.Decision.Outcome;
import io.otelgraft.core.admission.Scene.MadeUp;
import io.otelgraft.core.document.Document;
import io.otelgraft.core.document.Documents;
import io.otelgraft.core.injection.Reasons;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.plugin.Deadline;
import io.otelgraft.core.plugin.Patience;
import io.otelgraft.core.resource.FileResources;
import io.otelgraft.core.resource.Resources;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.fixtures.ShowsReason;
import io.otelgraft.spi.Language;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What never returns costs as little as can be. */
final class NeverReturningTest {
  private static final int PODS = 400;
  private static final Settings STANDARD = Settings.standard();
  private static final List<Document> INSTRUMENTATION =
      Documents.read("scene", Scene.INSTRUMENTATION).list();

  @Test
  void pods_that_come_together_lose_only_the_language_that_does_not_return() throws Exception {
    var end = new CountDownLatch(1);
    var looping = new MadeUp("quill", 10).injecting(injection -> waitFor(end));
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

  @Test
  @ShowsReason("GraftFailed")
  void code_of_Grafts_own_that_loops_on_some_pods_leaves_a_place_for_the_others() {
    var end = new CountDownLatch(1);
    Catalogue catalogue = Catalogue.of(new MadeUp("quill", 10));
    Resources known = FileResources.of(INSTRUMENTATION, "shop", STANDARD).at(catalogue);
    try (var deadline = new Deadline(2)) {
      var admission = new Admission(() -> catalogue, any -> stuck(known, end), STANDARD, deadline);

      for (int i = 0; i < 4; i++) {
        Decision decision = admission.decide(request(inject("quill", "stuck")));
        assertThat(decision.isAllowed()).isTrue();
        assertThat(decision.reason()).isEqualTo(Reasons.GRAFT_FAILED);
        assertThat(decision.warnings())
            .singleElement()
            .asString()
            .contains("did not decide in time", "report this");
      }
      Decision other = admission.decide(request(inject("quill", "standard")));

      assertThat(other.outcome()).as(other.message()).isEqualTo(Outcome.INJECTED);
      assertThat(deadline.runaways()).as("two for each").isEqualTo(8);
    } finally {
      end.countDown();
    }
  }

  @Test
  void a_command_waits_for_a_plugin_that_a_webhook_goes_on_without() throws Exception {
    var end = new CountDownLatch(1);
    var slow = new MadeUp("quill", 10).injecting(injection -> waitFor(end));
    try (var deadline = new Deadline(2);
        var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Decision> command =
          callers.submit(() ->
              slowly(slow, deadline, Patience.OF_A_COMMAND)
                  .decide(request(inject("quill", "true"))));
      try {
        Decision webhook =
            slowly(slow, deadline, Patience.OF_A_WEBHOOK).decide(request(inject("quill", "true")));
        assertThat(webhook.reason()).as(webhook.message()).isEqualTo(Reasons.PLUGIN_FAILED);
      } finally {
        end.countDown();
      }

      assertThat(command.get().outcome()).as(command.get().message()).isEqualTo(Outcome.INJECTED);
    }
  }

  private static Admission slowly(MadeUp plugin, Deadline deadline, Patience patience) {
    Catalogue catalogue = Catalogue.of(plugin);
    return new Admission(
        () -> catalogue,
        FileResources.of(INSTRUMENTATION, "shop", STANDARD),
        () -> STANDARD,
        deadline,
        patience);
  }

  /** Waits whatever happens, and leaves the processors to the others, of which there may be few. */
  private static void waitFor(CountDownLatch end) {
    while (end.getCount() > 0) {
      try {
        end.await();
      } catch (InterruptedException e) {
        // The plugin does not care.
      }
    }
  }

  /** Resources among which the look-up of one does not end. */
  private static Resources stuck(Resources known, CountDownLatch end) {
    return new ForwardingResources(known) {
      @Override
      public Lookup find(String namespace, String name) {
        if (name.equals("stuck")) {
          waitFor(end);
        }
        return super.find(namespace, name);
      }
    };
  }

  private static PodRequest request(String annotation) {
    return PodTemplate.in(Scene.tree(pod(annotation)), "shop").getFirst().request();
  }
}
