package io.otelgraft.runtime.cli;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.admission.Admission;
import io.otelgraft.core.admission.Decision;
import io.otelgraft.core.admission.Decision.Outcome;
import io.otelgraft.core.admission.PodTemplate;
import io.otelgraft.core.document.Document;
import io.otelgraft.core.document.Json;
import io.otelgraft.core.injection.Finding;
import io.otelgraft.core.injection.PatchOperation;
import io.otelgraft.core.injection.Reasons;
import io.otelgraft.runtime.cli.Manifests.Manifest;
import io.otelgraft.runtime.cli.Workbench.Workload;
import io.otelgraft.runtime.explanation.UnifiedDiff;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code graft inject}: manifests in, the same with injected workloads out. */
final class InjectCommand implements Command {

  private static final Set<String> FAILURES =
      Set.of(Reasons.GRAFT_FAILED, Reasons.PLUGIN_FAILED, Reasons.PLUGIN_MISSING);

  private static final List<String> FORMATS = List.of("yaml", "json", "patch", "diff");

  @Override
  public CommandSpec declare() {
    return Options.of(
            this,
            "inject",
            "Prints manifests with their workloads injected, as the webhook injects pods.",
            "All that came with -f is printed, in its order; what is not injected is printed as it",
            "is written, with its comments. Findings go to standard error. If a workload is",
            "rejected, nothing is printed, so that nothing of it is applied.")
        .files("Workloads, and resources")
        .resources()
        .output(
            FORMATS,
            "What to print: manifests as they are written, as JSON, a JSON patch of"
                + " each workload, or a unified diff")
        .settings()
        .plugins()
        .verbose("Tell also what is merely good to know")
        .exitCode(ExitCode.NO, "a workload is rejected, and nothing was printed")
        .examples(
            "graft inject -f app.yaml | kubectl apply -f -",
            "graft inject -f app.yaml -o diff",
            "helm template shop | graft inject -f - --resources instrumentation.yaml -n shop",
            "graft inject -f app.yaml --set admission.on-error=allow");
  }

  @Override
  public int run(ParseResult given, Surroundings surroundings) {
    String format = Options.output(given);
    Workbench workbench = Workbench.of(given, surroundings);
    List<Injected> injected = inject(workbench);
    Findings findings = new Findings(surroundings, Options.verbose(given));
    long rejected = 0;
    long failed = 0;
    for (Injected document : injected) {
      for (Workload workload : document.workloads()) {
        findings.tell(workload);
        rejected += workload.decision().isAllowed() ? 0 : 1;
        failed += hasFailure(workload.decision()) ? 1 : 0;
      }
    }
    if (rejected > 0) {
      surroundings.tell(
          "graft: %s rejected, so nothing is printed; mend what is wrong, name Instrumentations that"
                  .formatted(rejected == 1 ? "a workload is" : rejected + " workloads are")
              + " are elsewhere with --resources, or go on without what cannot be had:"
              + " --set admission.on-error=allow");
      return ExitCode.NO;
    }
    if (failed > 0) {
      surroundings.tell(
          "graft: a failure of Graft or of a plugin left out what was asked for, so nothing is"
              + " printed; try again, or leave the language out");
      return ExitCode.NO;
    }
    surroundings.print(
        switch (format) {
          case "json" -> json(injected);
          case "patch" -> patches(injected);
          case "diff" -> diff(workbench, injected);
          default -> text(workbench, injected);
        });
    return ExitCode.OK;
  }

  /** Whether something is missing that neither the workload nor a setting is to blame for. */
  private static boolean hasFailure(Decision decision) {
    return decision.findings().stream().map(Finding::reason).anyMatch(FAILURES::contains);
  }

  /** A document as it is to be. */
  private record Injected(Document document, ObjectNode tree, List<Workload> workloads) {}

  private static List<Injected> inject(Workbench workbench) {
    Admission admission = workbench.admission();
    List<Injected> injected = new ArrayList<>();
    for (Document document : Manifests.documents(workbench.manifests())) {
      ObjectNode tree = document.tree();
      List<Workload> workloads = workbench.workloads(document, tree, admission);
      for (Workload workload : workloads) {
        if (workload.decision().outcome() == Outcome.INJECTED) {
          tree = replaced(tree, workload.template().pointer(), workload.decision().pod());
        }
      }
      injected.add(new Injected(document, tree, workloads));
    }
    return injected;
  }

  private static ObjectNode replaced(ObjectNode tree, String pointer, ObjectNode pod) {
    if (pointer.isEmpty()) {
      return pod;
    }
    JsonPointer place = JsonPointer.compile(pointer);
    JsonNode parent = tree.at(place.head());
    if (parent instanceof ArrayNode items) {
      items.set(place.last().getMatchingIndex(), pod);
    } else {
      ((ObjectNode) parent).set(place.last().getMatchingProperty(), pod);
    }
    return tree;
  }

  private static Map<Document, ObjectNode> trees(List<Injected> injected) {
    Map<Document, ObjectNode> trees = new HashMap<>(injected.size());
    injected.forEach(one -> trees.put(one.document(), one.tree()));
    return trees;
  }

  /** The manifests as they are written. Of several, each begins with a separator. */
  private static String text(Workbench workbench, List<Injected> injected) {
    Map<Document, ObjectNode> trees = trees(injected);
    List<Manifest> manifests = workbench.manifests();
    if (manifests.size() == 1) {
      return manifests.getFirst().documents().render(trees::get);
    }
    StringBuilder text = new StringBuilder();
    for (Manifest manifest : manifests) {
      String own = manifest.documents().render(trees::get);
      if (own.isBlank()) {
        continue;
      }
      if (!text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
        text.append('\n');
      }
      if (!own.startsWith("---")) {
        text.append("---\n");
      }
      text.append(own);
    }
    return text.toString();
  }

  /** The object, or several as a list, as {@code kubectl -o json} prints them. */
  private static String json(List<Injected> injected) {
    if (injected.size() == 1) {
      return Json.pretty(injected.getFirst().tree());
    }
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    list.put("apiVersion", "v1").put("kind", "List");
    ArrayNode items = list.putArray("items");
    injected.forEach(one -> items.add(one.tree()));
    return Json.pretty(list);
  }

  /**
   * A list with an entry for each workload that is injected: whose it is, and the patch of the
   * document that it stands in.
   */
  private static String patches(List<Injected> injected) {
    ArrayNode patches = JsonNodeFactory.instance.arrayNode();
    for (Injected document : injected) {
      for (Workload workload : document.workloads()) {
        if (workload.decision().outcome() == Outcome.INJECTED) {
          patches.add(patch(workload));
        }
      }
    }
    return Json.pretty(patches);
  }

  private static ObjectNode patch(Workload workload) {
    PodTemplate template = workload.template();
    ObjectNode entry = JsonNodeFactory.instance.objectNode();
    entry.put("file", workload.document().name());
    entry.put("line", workload.document().position(workload.object()).line());
    entry.put("kind", template.kind());
    entry.put("namespace", template.namespace());
    entry.put("name", template.name());
    ArrayNode patch = entry.putArray("patch");
    for (PatchOperation operation : workload.decision().patch()) {
      ObjectNode json = operation.toJson();
      patch.add(json.put("path", template.pointer() + operation.path()));
    }
    return entry;
  }

  private static String diff(Workbench workbench, List<Injected> injected) {
    Map<Document, ObjectNode> trees = trees(injected);
    StringBuilder diff = new StringBuilder();
    for (Manifest manifest : workbench.manifests()) {
      String before = manifest.documents().render(Document::tree);
      String after = manifest.documents().render(trees::get);
      diff.append(UnifiedDiff.of(manifest.name(), before, after));
    }
    return diff.toString();
  }
}
