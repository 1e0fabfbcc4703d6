package io.otelgraft.runtime.cli;

import io.otelgraft.core.admission.Admission;
import io.otelgraft.core.admission.Answer;
import io.otelgraft.core.admission.Reviewer;
import io.otelgraft.core.document.Json;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.resource.FileResources;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.runtime.settings.SettingsReader;
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
            "response.allowed in it. What is no AdmissionReview is not answered. With --server,",
            "a server that runs is asked, with the plugins, resources and settings that it has.")
        .file("The AdmissionReview (default: standard input)")
        .resources()
        .settings()
        .plugins()
        .server()
        .examples(
            "graft admit --resources instrumentation.yaml <review.json",
            "graft admit --resources cluster/ <review.json | jq -r '.response.patch' | base64 -d",
            "graft admit --server https://localhost:9443/mutate-v1-pod --ca graft.crt"
                + " <review.json");
  }

  @Override
  public int run(ParseResult given, Surroundings surroundings) {
    byte[] review = new Manifests(surroundings.in()).bytes(Options.file(given));
    surroundings.print(
        Options.server(given)
            .map(url -> RemoteWebhook.at(url, Options.authorities(given)).review(review))
            .orElseGet(() -> answer(review, given, surroundings)));
    surroundings.print("\n");
    return ExitCode.OK;
  }

  private static byte[] answer(byte[] review, ParseResult given, Surroundings surroundings) {
    Settings settings =
        SettingsReader.read(Options.settings(given), surroundings.environment(), Options.set(given))
            .settings();
    FileResources resources =
        FileResources.of(
            Manifests.documents(new Manifests(surroundings.in()).read(Options.resources(given))),
            Options.namespace(given),
            settings);
    Catalogue catalogue = Workbench.catalogue(given, surroundings);
    Admission admission = Workbench.admission(catalogue, resources, settings);
    Answer answer = Reviewer.ofPods(admission).review(review);
    if (answer.status() != ANSWERED) {
      throw new CommandFailure(
          Manifests.name(Options.file(given))
              + " is not an AdmissionReview: "
              + Json.read(answer.body()).path("message").asText());
    }
    return answer.body();
  }
}
