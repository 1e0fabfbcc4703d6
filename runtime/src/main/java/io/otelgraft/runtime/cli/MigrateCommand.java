package io.otelgraft.runtime.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.admission.PodTemplate;
import io.otelgraft.core.document.Document;
import io.otelgraft.core.document.Json;
import io.otelgraft.core.document.Yaml;
import io.otelgraft.runtime.cli.Workbench.Workload;
import io.otelgraft.runtime.migration.Migration;
import io.otelgraft.runtime.migration.Migration.Candidate;
import io.otelgraft.runtime.migration.Migration.Result;
import io.otelgraft.runtime.migration.MigrationJson;
import io.otelgraft.runtime.migration.MigrationText;
import io.otelgraft.runtime.migration.WorkloadMigration;
import io.otelgraft.runtime.settings.SettingsReader;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code graft migrate}: what differs from what the OpenTelemetry Operator does. */
final class MigrateCommand implements Command {

  @Override
  public CommandSpec declare() {
    return Options.of(
            this,
            "migrate",
            "Tells what a move from the OpenTelemetry Operator changes for each workload.",
            "Services that would be renamed, paths, variables, images, pods that would be rejected;",
            "each with the setting that keeps it as it is. Pods that the operator injected are",
            "compared with what Graft would give them, if what made them is among the files.")
        .files("Workloads, pods and resources")
        .resources()
        .output(List.of("text", "json", "yaml"), "How to print it")
        .settings()
        .plugins()
        .exitCode(ExitCode.NO, "something changes")
        .examples(
            "graft migrate -f app.yaml",
            "graft migrate -f app.yaml --set compatibility=operator",
            "kubectl get deploy,rs,sts,ds,cj,job,pod,otelinst,ns -A -o yaml | graft migrate -f -");
  }

  @Override
  public int run(ParseResult given, Surroundings surroundings) {
    String format = Options.output(given);
    Workbench workbench = Workbench.of(given, surroundings);
    Migration migration =
        new Migration(
            workbench.catalogue(),
            name -> workbench.resources().at(workbench.catalogue()).namespace(name),
            (plugins, others) -> {
              List<String> set = new ArrayList<>(Options.set(given));
              others.forEach((name, value) -> set.add(name + "=" + value));
              return workbench
                  .with(
                      plugins,
                      SettingsReader.read(Options.settings(given), surroundings.environment(), set)
                          .settings())
                  .admission();
            });
    Result result = migration.of(candidates(workbench));
    surroundings.print(
        switch (format) {
          case "json" -> Json.pretty(json(result));
          case "yaml" -> Yaml.write(json(result));
          default -> text(result, Style.of(surroundings));
        });
    for (PodTemplate pod : result.unmatched()) {
      surroundings.tell(
          "graft: %s was injected by the operator, but nothing tells what it was before: add what made it (ReplicaSet, StatefulSet, DaemonSet, Job), or its manifest"
              .formatted(pod));
    }
    long changed = result.workloads().stream().filter(WorkloadMigration::changes).count();
    surroundings.tell(
        "graft: %d of %d workloads that ask for a language would change"
            .formatted(changed, result.workloads().size()));
    return changed > 0 ? ExitCode.NO : ExitCode.OK;
  }

  private static List<Candidate> candidates(Workbench workbench) {
    List<Candidate> candidates = new ArrayList<>();
    for (Document document : Manifests.documents(workbench.manifests())) {
      for (PodTemplate template : PodTemplate.in(document.tree(), workbench.namespace())) {
        JsonNode object = document.tree().at(Workload.object(template));
        boolean controlled =
            StreamSupport.stream(object.at("/metadata/ownerReferences").spliterator(), false)
                .anyMatch(owner -> owner.path("controller").asBoolean());
        candidates.add(new Candidate(template, controlled));
      }
    }
    return candidates;
  }

  private static ArrayNode json(Result result) {
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    for (WorkloadMigration workload : result.workloads()) {
      ObjectNode entry = MigrationJson.of(workload);
      json.add(entry);
    }
    return json;
  }

  private static String text(Result result, Style style) {
    List<String> texts = new ArrayList<>();
    for (WorkloadMigration workload : result.workloads()) {
      List<String> pods = workload.pods();
      String running =
          pods.isEmpty()
              ? ""
              : "  injected by the operator: "
                  + pods.getFirst()
                  + (pods.size() == 1 ? "" : " and %d more".formatted(pods.size() - 1));
      texts.add(
          style.bold(workload.workload().toString())
              + style.dim(running)
              + "\n"
              + style.text(MigrationText.of(workload)));
    }
    return String.join("\n", texts);
  }
}
