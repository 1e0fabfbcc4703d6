package io.otelgraft.e2e.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.e2e.Manifests;
import io.otelgraft.e2e.apiserver.Answer;
import io.otelgraft.e2e.apiserver.Answer.Admitted;
import io.otelgraft.e2e.apiserver.Answer.Rejected;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** The steps of the story in which pods are created. */
final class Admissions {

  /** How soon a change on disk counts. */
  private static final Duration NOTICED = Duration.ofSeconds(30);

  private final Checkout checkout;
  private final Stage stage;
  private final Screen screen;
  private final Blocks blocks;

  Admissions(Checkout checkout, Stage stage, Screen screen, Blocks blocks) {
    this.checkout = checkout;
    this.stage = stage;
    this.screen = screen;
    this.blocks = blocks;
  }

  /** Creates a pod of an application. */
  Admission create(Application application) throws IOException, InterruptedException {
    ObjectNode deployment = stage.deployment(application);
    Admission admission = new Admission(application, deployment, admitted(deployment));
    JsonNode added = admission.pod().at("/spec/initContainers");
    DemoFailure.unless(
        added.isEmpty() == application.agent().isEmpty(),
        "a pod with %s has the init containers %s".formatted(application.title(), added));
    DemoFailure.unless(
        application.isObserved() == added.path(0).path("restartPolicy").asText().equals("Always"),
        "whether the agent for %s is a sidecar: %s".formatted(application.title(), added));
    return admission;
  }

  /**
   * Shows what became of a pod.
   *
   * @param explained what {@code graft explain -o json} says about its workload
   */
  void show(Admission admission, JsonNode explained) {
    Application application = admission.application();
    screen.heading(heading(application));
    application.remarks().forEach(screen::line);
    if (!application.remarks().isEmpty()) {
      screen.line("");
    }
    blocks.admission(
        "a pod of Deployment " + name(admission.workload()),
        admission.workload(),
        admission.admitted(),
        explained);
  }

  private static String heading(Application application) {
    if (application.equals(Application.FLASK)) {
      return "The specification's Flask example, %s, as it stands"
          .formatted(application.manifest());
    }
    return application
        .standIn()
        .map(standIn ->
            "%s, %s, with a stand-in for %s"
                .formatted(application.title(), application.manifest(), standIn.of()))
        .orElseGet(() ->
            "An application in %s, %s".formatted(application.title(), application.manifest()));
  }

  private Admitted admitted(ObjectNode workload) throws IOException, InterruptedException {
    return switch (stage.create(workload)) {
      case Admitted admitted -> {
        DemoFailure.unless(
            !admitted.patch().isEmpty(),
            "%s was left as it is: %s".formatted(name(workload), admitted));
        yield admitted;
      }
      case Rejected rejected ->
          throw new DemoFailure(name(workload) + " was rejected: " + rejected.message());
    };
  }

  private Rejected rejected(ObjectNode workload) throws IOException, InterruptedException {
    return switch (stage.create(workload)) {
      case Rejected rejected -> rejected;
      case Admitted admitted ->
          throw new DemoFailure(
              "%s was admitted, and ought to have been rejected".formatted(name(workload)));
    };
  }

  private static String name(ObjectNode object) {
    JsonNode metadata = object.path("metadata");
    return metadata.path("namespace").asText("default") + "/" + metadata.path("name").asText();
  }

  /** A pod that names an Instrumentation which is not there. */
  Rejected typo() throws IOException, InterruptedException {
    screen.heading("A typo in the name of the Instrumentation, e2e/manifests/typo.yaml");
    ObjectNode pod = Manifests.object(checkout.text("e2e/manifests/typo.yaml"));
    Rejected rejected = rejected(pod);
    blocks.rejection(pod, "typo.yaml", rejected);
    DemoFailure.unless(
        rejected.message().contains("shop/instrumentatoin")
            && rejected.message().contains("namespace shop has: instrumentation"),
        "the rejection does not say what is wrong: %s".formatted(rejected.message()));
    return rejected;
  }

  private ObjectNode quill() {
    return Manifests.only(
        "Deployment", Manifests.objects(checkout.text("docs/examples/plugin/app.yaml")));
  }

  /** A pod that asks for a language without a plugin. */
  Rejected unknownLanguage() throws IOException, InterruptedException {
    screen.heading("A language that Graft has never heard of, docs/examples/plugin");
    ObjectNode deployment = quill();
    Rejected rejected = rejected(deployment);
    blocks.rejection(deployment, "app.yaml", rejected);
    return rejected;
  }

  /** The same pod, once the jar of that language is there. */
  Admitted droppedIn() throws IOException, InterruptedException {
    Path jar =
        new ExamplePlugin(checkout.file("docs/examples/plugin"), stage.spi())
            .jar(stage.directory());
    screen.line("");
    screen.line(
        screen.dim("$ javac -p lib/graft-spi.jar -d classes module-info.java QuillPlugin.java"));
    screen.line(screen.dim("$ jar --create --file quill.jar -C classes ."));
    screen.line(screen.dim("$ mv quill.jar plugins/") + "      # while Graft serves");
    long dropped = System.nanoTime();
    ExamplePlugin.drop(jar, stage.plugins());
    ObjectNode deployment = quill();
    Admitted admitted = awaitAdmitted(deployment, pod -> true);
    Duration after = Duration.ofNanos(System.nanoTime() - dropped);
    screen.line("injected %.1f s later:".formatted(after.toMillis() / 1000.0));
    blocks.admission(
        "a pod of Deployment " + name(deployment),
        deployment,
        admitted,
        stage.explain(List.of(deployment)).getFirst());
    return admitted;
  }

  /** Creates the pod until Graft has noticed what changed on disk. */
  private Admitted awaitAdmitted(ObjectNode workload, Predicate<ObjectNode> isNew)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + NOTICED.toNanos();
    while (true) {
      Answer answer = stage.create(workload);
      if (answer instanceof Admitted admitted && isNew.test(admitted.pod())) {
        return admitted;
      }
      DemoFailure.unless(
          System.nanoTime() < end,
          "Graft has not noticed within %s s what changed on disk; its answer: %s; its log: %s"
              .formatted(NOTICED.toSeconds(), answer, stage.server().log()));
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  /** A pod of the Flask example once its Instrumentation names an agent that speaks gRPC. */
  ObjectNode agentWithGrpc() throws IOException, InterruptedException {
    screen.heading(
        "A Python agent that speaks gRPC: two lines of flask.yaml, changed while Graft serves");
    String example = checkout.text("docs/examples/flask.yaml");
    String changed =
        example
            .replace("4317\n", "4317\n    protocol: grpc\n")
            .replace(Application.FLASK.agent().orElseThrow().image(), Stage.AGENT_WITH_GRPC);
    screen.line("  exporter:");
    screen.line(screen.green("+   protocol: grpc"));
    screen.line("  python:");
    screen.line(screen.green("+   image: " + Stage.AGENT_WITH_GRPC));
    Path written = Files.writeString(stage.directory().resolve("flask.yaml"), changed);
    Files.move(written, stage.resources().resolve("flask.yaml"), StandardCopyOption.ATOMIC_MOVE);

    Admitted admitted =
        awaitAdmitted(
            stage.deployment(Application.FLASK),
            pod -> pod.at("/spec/initContainers/0/image").asText().equals(Stage.AGENT_WITH_GRPC));
    ObjectNode app = Manifests.container(admitted.pod(), "app");
    screen.line("");
    screen.line("what the next pod is told, and no warning any more:");
    for (String name : List.of("OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_ENDPOINT")) {
      screen.line(
          screen.green("+ - {name: %s, value: %s}".formatted(name, Manifests.variable(app, name))));
    }
    DemoFailure.unless(
        admitted.warnings().isEmpty(), "there are still warnings: " + admitted.warnings());
    return admitted.pod();
  }
}
