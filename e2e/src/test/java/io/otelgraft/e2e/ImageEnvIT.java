package io.otelgraft.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.e2e.kubelet.Image;
import io.otelgraft.e2e.kubelet.KubeletStandIn;
import io.otelgraft.e2e.kubelet.RunningContainer;
import io.otelgraft.e2e.kubelet.RunningPod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application whose image has {@code ENV PYTHONPATH=/app}, which an injected one would hide. */
final class ImageEnvIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir private Path machine;

  private KubeletStandIn kubelet;

  @BeforeEach
  void an_application_that_finds_its_module_by_what_its_image_sets() throws IOException {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/python3")),
        "could not run here: there is no /usr/bin/python3");
    Path agent =
        Files.createDirectories(
            machine.resolve(
                "agent/autoinstrumentation/opentelemetry/instrumentation/auto_instrumentation"));
    Files.writeString(agent.resolve("sitecustomize.py"), "print('the agent is there')\n");
    Path app = machine.resolve("app");
    Files.writeString(
        Files.createDirectories(app.resolve("app")).resolve("greeting.py"), "TEXT = 'hello'\n");
    Files.writeString(
        Files.createDirectories(app.resolve("srv")).resolve("main.py"),
        "import greeting\nprint(greeting.TEXT)\n");
    kubelet =
        KubeletStandIn.builder()
            .image("agents.example/python:1", Image.of(machine.resolve("agent")))
            .image(
                "app:1",
                Image.of(app)
                    .withEnv("PYTHONPATH", "/app")
                    .withEntrypoint("/usr/bin/python3", "/srv/main.py"))
            .build();
  }

  @Test
  void without_being_told_the_module_is_hidden_and_told_it_is_found_beside_the_agent() {
    Started untold = start("");
    Started told = start("instrumentation.opentelemetry.io/image-env: PYTHONPATH=/app");

    assertThat(untold.log()).contains("No module named 'greeting'");
    assertThat(untold.exit()).isNotZero();
    assertThat(told.log()).contains("the agent is there", "hello");
    assertThat(told.exit()).isZero();
  }

  private record Started(int exit, String log) {}

  private Started start(String annotation) {
    ObjectNode pod =
        InjectedPods.of(
            Manifests.object(
                """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: greeter
                  annotations:
                    instrumentation.opentelemetry.io/inject-python: "true"
                    %s
                spec:
                  containers: [{name: app, image: "app:1"}]
                """
                    .formatted(annotation)),
            Manifests.object(
                """
                apiVersion: opentelemetry.io/v1alpha1
                kind: Instrumentation
                metadata: {name: standard}
                spec: {python: {image: "agents.example/python:1"}}
                """));
    try (RunningPod running = kubelet.run(pod)) {
      RunningContainer app = running.container("app");
      int exit = app.awaitExit(SOON);
      return new Started(exit, app.log());
    }
  }
}
