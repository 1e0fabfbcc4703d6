package io.otelgraft.runtime.cli;

import io.otelgraft.core.admission.Admission;
import io.otelgraft.core.admission.Answer;
import io.otelgraft.core.admission.Reviewer;
import io.otelgraft.core.document.Json;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.plugin.Deadline;
import io.otelgraft.core.resource.FileResources;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.runtime.settings.SettingsReader;
import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code graft admit}: an AdmissionReview in, the response out, as the webhook answers it. */
final class AdmitCommand implements Command {

  private static final int ANSWERED = 200;

  @Override
  public CommandSpec declare() {
    return Options.of(
            this,
            "admit",
            "Answers an AdmissionReview from standard input, as the webhook would.",
            "The answer is JSON on standard output. To deny a pod is an answer, too: see",
            "response.allowed in it. What is no AdmissionReview is not answered.")
        .resources()
        .settings()
        .plugins()
        .examples(
            "graft admit --resources instrumentation.yaml <review.json",
            "graft admit --resources cluster/ <review.json | jq -r '.response.patch' | base64 -d");
  }

  @Override
  public int run(ParseResult given, Surroundings surroundings) {
    Settings settings =
        SettingsReader.read(Options.settings(given), surroundings.environment(), Options.set(given))
            .settings();
    FileResources resources =
        FileResources.of(
            Manifests.documents(new Manifests(surroundings.in()).read(Options.resources(given))),
            Options.namespace(given),
            settings);
    Catalogue catalogue = Workbench.catalogue(given, surroundings);
    Admission admission = new Admission(() -> catalogue, resources, settings, new Deadline(1));
    Answer answer = Reviewer.ofPods(admission).review(read(surroundings));
    if (answer.status() != ANSWERED) {
      throw new CommandFailure(
          "standard input is not an AdmissionReview: "
              + Json.read(answer.body()).path("message").asText());
    }
    surroundings.print(answer.body());
    surroundings.print("\n");
    return ExitCode.OK;
  }

  private static byte[] read(Surroundings surroundings) {
    try {
      return surroundings.in().readAllBytes();
    } catch (IOException e) {
      throw new CommandFailure("standard input cannot be read: " + e);
    }
  }
}
