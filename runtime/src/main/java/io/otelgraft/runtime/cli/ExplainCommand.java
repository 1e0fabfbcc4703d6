package io.otelgraft.runtime.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.admission.PodTemplate;
import io.otelgraft.core.document.Json;
import io.otelgraft.runtime.cli.Workbench.Workload;
import io.otelgraft.runtime.explanation.Explanation;
import io.otelgraft.runtime.explanation.ExplanationJson;
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
      workloads.forEach(workload -> json.add(json(workload)));
      surroundings.print(Json.pretty(json));
    } else {
      Style style = Style.of(surroundings);
      surroundings.print(
          String.join("\n", workloads.stream().map(workload -> text(workload, style)).toList()));
    }
    return ExitCode.OK;
  }

  private static String text(Workload workload, Style style) {
    return style.bold(workload.template().toString())
        + "  "
        + style.dim(workload.place())
        + "\n"
        + style.text(Explanation.of(workload.decision()));
  }

  private static ObjectNode json(Workload workload) {
    PodTemplate template = workload.template();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("file", workload.document().name());
    json.put("line", workload.document().position(workload.object()).line());
    json.put("kind", template.kind());
    json.put("namespace", template.namespace());
    json.put("name", template.name());
    json.put("template", template.pointer());
    return json.setAll(ExplanationJson.of(workload.decision()));
  }
}
