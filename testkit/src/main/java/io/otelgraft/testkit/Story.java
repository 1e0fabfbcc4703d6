package io.otelgraft.testkit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.admission.Admission;
import io.otelgraft.core.admission.PodRequest;
import io.otelgraft.core.admission.PodTemplate;
import io.otelgraft.core.document.Document;
import io.otelgraft.core.injection.PodFacts;
import io.otelgraft.core.plugin.Deadline;
import io.otelgraft.core.plugin.Patience;
import io.otelgraft.core.resource.ClusterFacts;
import io.otelgraft.core.resource.FileResources;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.spi.LanguagePlugin;
import java.util.List;
import java.util.function.Consumer;

/**
 * A pod, the cluster that it comes to, and how its operator configured Graft.
 *
 * @param name what messages call it
 * @param manifest a pod, or a workload that makes pods
 * @param resources the Instrumentations and Namespaces of the cluster
 * @param settings the operator's
 */
record Story(String name, ObjectNode manifest, List<Document> resources, Settings settings) {
  /** Where objects stand that name no namespace. */
  static final String NAMESPACE = "default";

  /** On a machine that is busy with other tests, a plugin may be slow that is fast elsewhere. */
  static final Patience PATIENCE = Patience.OF_A_COMMAND;

  /** Its threads end by themselves when idle. */
  private static final Deadline DEADLINE = new Deadline();

  Story {
    resources = List.copyOf(resources);
    if (PodTemplate.in(manifest, NAMESPACE).size() != 1) {
      throw new IllegalArgumentException(name + " needs one pod, or one workload that makes pods");
    }
  }

  /** The pod, or the workload's template. */
  PodTemplate template() {
    return PodTemplate.in(manifest, NAMESPACE).getFirst();
  }

  /** The same story with another pod. */
  Story with(String newName, Consumer<ObjectNode> edit) {
    Story copy = new Story(newName, manifest.deepCopy(), resources, settings);
    edit.accept(copy.template().tree());
    return copy;
  }

  /** The same story in a cluster of which that is known. */
  Story in(ClusterFacts cluster) {
    return new Story(name, manifest, resources, settings.in(cluster));
  }

  /** The same story in another cluster. */
  Story in(List<Document> others) {
    return new Story(name, manifest, others, settings);
  }

  /** Has Graft decide about the pod. */
  Trial with(List<LanguagePlugin> plugins) {
    return with(Languages.of(plugins));
  }

  /** Has Graft decide about the pod. */
  Trial with(Languages languages) {
    return with(languages, template().request());
  }

  /** Has Graft decide about what is asked of it. */
  Trial with(Languages languages, PodRequest request) {
    return new Trial(
        this, languages, request, admission(resources, settings, languages).decide(request));
  }

  /** What decides about the pods of a cluster. */
  static Admission admission(List<Document> resources, Settings settings, Languages languages) {
    return new Admission(
        languages::found,
        FileResources.of(resources, NAMESPACE, settings),
        () -> settings,
        DEADLINE,
        PATIENCE);
  }

  /** Has Graft decide about what it made of the pod before. */
  Trial with(Languages languages, ObjectNode pod) {
    PodTemplate template = template();
    PodFacts facts =
        template.kind().equals("Pod")
            ? PodFacts.of(pod, template.namespace())
            : PodFacts.ofTemplate(pod, template.namespace(), template.kind(), template.name());
    return with(languages, PodRequest.create(pod, facts));
  }

  @Override
  public String toString() {
    return name;
  }
}
