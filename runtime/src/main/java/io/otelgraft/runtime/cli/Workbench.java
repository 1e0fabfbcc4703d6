package io.otelgraft.runtime.cli;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.admission.Admission;
import io.otelgraft.core.admission.Decision;
import io.otelgraft.core.admission.PodTemplate;
import io.otelgraft.core.document.Document;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.plugin.Deadline;
import io.otelgraft.core.plugin.Patience;
import io.otelgraft.core.plugin.Plugins;
import io.otelgraft.core.plugin.RefusedPlugin;
import io.otelgraft.core.resource.FileResources;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.runtime.cli.Manifests.Manifest;
import io.otelgraft.runtime.settings.SettingsReader;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ParseResult;

/**
 * What commands work with: the manifests of {@code -f}, the resources in them and in {@code
 * --resources}, the plugins and the settings.
 *
 * @param manifests what came with {@code -f}
 * @param documents what came with {@code -f} and {@code --resources}
 * @param namespace that of objects which name none
 * @param catalogue the plugins
 * @param resources the resources
 * @param settings the settings
 */
record Workbench(
    List<Manifest> manifests,
    List<Document> documents,
    String namespace,
    Catalogue catalogue,
    FileResources resources,
    Settings settings) {

  /** Reads all that the options name. */
  static Workbench of(ParseResult given, Surroundings surroundings) {
    Settings settings =
        SettingsReader.read(Options.settings(given), surroundings.environment(), Options.set(given))
            .settings();
    Manifests reader = new Manifests(surroundings.in());
    List<Manifest> manifests = reader.read(Options.files(given));
    List<Document> documents = new ArrayList<>(Manifests.documents(manifests));
    documents.addAll(Manifests.documents(reader.read(Options.resources(given))));
    String namespace = Options.namespace(given);
    return new Workbench(
        manifests,
        documents,
        namespace,
        catalogue(given, surroundings),
        FileResources.of(documents, namespace, settings),
        settings);
  }

  /** The plugins, some of which may be refused. */
  static Catalogue catalogue(ParseResult given, Surroundings surroundings) {
    Catalogue catalogue =
        Plugins.load(Options.plugins(given, surroundings)).with(Patience.OF_A_COMMAND);
    if (catalogue.languages().isEmpty()) {
      throw new CommandFailure(
          "there are no language plugins: "
              + (catalogue.refused().isEmpty()
                  ? Options.plugins(given, surroundings) + " is empty; name another with --plugins"
                  : String.join(
                      "; ", catalogue.refused().stream().map(RefusedPlugin::toString).toList())));
    }
    return catalogue;
  }

  /** The same with other settings. */
  Workbench with(Settings others) {
    return with(catalogue, others);
  }

  /** The same with other plugins and settings. */
  Workbench with(Catalogue plugins, Settings others) {
    return new Workbench(
        manifests,
        documents,
        namespace,
        plugins,
        FileResources.of(documents, namespace, others),
        others);
  }

  /** Decides as the webhook would. */
  Admission admission() {
    return admission(catalogue, resources, settings);
  }

  /** Decides as the webhook would, and takes its time. */
  static Admission admission(Catalogue catalogue, FileResources resources, Settings settings) {
    return new Admission(
        () -> catalogue, resources, () -> settings, new Deadline(1), Patience.OF_A_COMMAND);
  }

  /** The workloads of a document, each with what Graft decides about its pods. */
  List<Workload> workloads(Document document, ObjectNode tree, Admission admission) {
    List<PodTemplate> templates = PodTemplate.in(tree, namespace);
    List<Workload> workloads = new ArrayList<>(templates.size());
    for (PodTemplate template : templates) {
      workloads.add(new Workload(document, template, admission.decide(template.request())));
    }
    return workloads;
  }

  /** The workloads of all manifests, in their order. */
  List<Workload> workloads() {
    Admission admission = admission();
    List<Workload> workloads = new ArrayList<>();
    for (Document document : Manifests.documents(manifests)) {
      workloads.addAll(workloads(document, document.tree(), admission));
    }
    return workloads;
  }

  /**
   * A workload of a manifest.
   *
   * @param document the document that holds it
   * @param template its pod template
   * @param decision what Graft decides about its pods
   */
  record Workload(Document document, PodTemplate template, Decision decision) {

    /** Where it is written: {@code app.yaml:12:1}. */
    String place() {
      return document.name() + ":" + document.position(object());
    }

    /** The object that has the template: the document's root, or an item of a list. */
    JsonPointer object() {
      return object(template);
    }

    /** The object that has a template. */
    static JsonPointer object(PodTemplate template) {
      JsonPointer object = JsonPointer.empty();
      JsonPointer rest = JsonPointer.compile(template.pointer());
      while ("items".equals(rest.getMatchingProperty())) {
        object = object.appendProperty("items").appendIndex(rest.tail().getMatchingIndex());
        rest = rest.tail().tail();
      }
      return object;
    }
  }
}
