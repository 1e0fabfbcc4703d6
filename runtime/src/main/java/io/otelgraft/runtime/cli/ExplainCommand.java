package io.otelgraft.runtime.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.otelgraft.core.document.Json;
import io.otelgraft.runtime.cli.Workbench.Workload;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code graft explain}: what happens to each container of a workload, and why. */
final class ExplainCommand implements Command {

  @Override
  public CommandSpec declare() {
    return Options.of(
            this,
            "explain",
            "Tells what happens to each workload and container, and why.",
            "For each edit: its rule, where the value comes from, and what it was before. For each",
            "value that gave way: to what. What nobody can see at admission. And why a pod is left",
            "as it is, or rejected.")
        .files("Workloads, and resources")
        .resources()
        .output(List.of("text", "json"), "How to print it")
        .settings()
        .plugins()
        .examples(
            "graft explain -f app.yaml",
            "kubectl get deployment,instrumentation -o yaml | graft explain -f -",
            "graft explain -f app.yaml -o json | jq '.[].edits[] | select(.name == \"PYTHONPATH\")'");
  }

  @Override
  public int run(ParseResult given, Surroundings surroundings) {
    String format = Options.output(given);
    List<Workload> workloads = Workbench.of(given, surroundings).workloads();
    if (workloads.isEmpty()) {
      surroundings.tell("graft: there is no workload in what came with -f");
    }
    if (format.equals("json")) {
      ArrayNode json = JsonNodeFactory.instance.arrayNode();
      workloads.forEach(workload -> json.add(ExplanationJson.of(workload)));
      surroundings.print(Json.pretty(json));
    } else {
      Style style = Style.of(surroundings);
      surroundings.print(
          String.join(
              "\n",
              workloads.stream()
                  .map(workload -> new Explanation(workload, style).text())
                  .toList()));
    }
    return ExitCode.OK;
  }
}
