package io.otelgraft.core.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.injection.Edit.Part;
import io.otelgraft.core.resource.PodUse;
import io.otelgraft.core.resource.Quantity;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A pod, or a workload's pod template, while it is edited. The tree that it began with is never
 * touched: {@link #finish} gives a new one that shares what did not change.
 */
final class PodDraft {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final JsonNode NOTHING = MissingNode.getInstance();

  /** A DNS label, of which Kubernetes takes 63 characters. */
  private static final int LONGEST_NAME = 63;

  private static final String PULL_SECRETS = "imagePullSecrets";

  private final ObjectNode original;
  private final boolean leadingBlank;
  private final List<ContainerDraft> initContainers = new ArrayList<>();
  private final List<ContainerDraft> containers = new ArrayList<>();
  private final List<Added> volumes = new ArrayList<>(2);
  private final Map<String, Added> annotations = new LinkedHashMap<>(2);
  private final Map<String, Added> specFields = new LinkedHashMap<>(1);

  private record Added(JsonNode tree, Origin origin) {}

  PodDraft(ObjectNode original, boolean leadingBlank) {
    this.original = original;
    this.leadingBlank = leadingBlank;
    Shape.object(original, "metadata", "the pod");
    Shape.object(original.path("metadata"), "annotations", "metadata");
    Shape.list(spec(), "volumes", "spec");
    Shape.list(spec(), PULL_SECRETS, "spec");
    read("initContainers", true, initContainers);
    read("containers", false, containers);
  }

  private void read(String key, boolean init, List<ContainerDraft> into) {
    Shape.list(spec(), key, "spec");
    for (JsonNode container : spec().path(key)) {
      if (!(container instanceof ObjectNode tree)) {
        throw new MalformedPodException("spec." + key + " holds something that is not an object");
      }
      into.add(ContainerDraft.of(tree, init, leadingBlank));
    }
  }

  JsonNode spec() {
    return original.path("spec");
  }

  List<ContainerDraft> initContainers() {
    return initContainers;
  }

  List<ContainerDraft> containers() {
    return containers;
  }

  /** The names of all containers, regular ones first. */
  List<String> containerNames() {
    List<String> names = new ArrayList<>();
    containers.forEach(container -> names.add(container.name()));
    initContainers.forEach(container -> names.add(container.name()));
    return names;
  }

  /** The container of that name, the pod's or an added one; null if there is none. */
  ContainerDraft container(String name) {
    for (ContainerDraft container : initContainers) {
      if (container.name().equals(name)) {
        return container;
      }
    }
    for (ContainerDraft container : containers) {
      if (container.name().equals(name)) {
        return container;
      }
    }
    return null;
  }

  /**
   * Adds an init container.
   *
   * @param begin its fields, the name among them
   * @param before the init container before which it runs; null to run after all there are
   */
  ContainerDraft addInit(ObjectNode begin, ContainerDraft before, Origin origin) {
    ContainerDraft added = ContainerDraft.added(begin, true, origin, leadingBlank);
    int at = before == null ? -1 : initContainers.indexOf(before);
    initContainers.add(at < 0 ? initContainers.size() : at, added);
    return added;
  }

  /** Adds a regular container behind those there are. */
  ContainerDraft addContainer(ObjectNode begin, Origin origin) {
    ContainerDraft added = ContainerDraft.added(begin, false, origin, leadingBlank);
    containers.add(added);
    return added;
  }

  void addVolume(ObjectNode volume, Origin origin) {
    volumes.add(new Added(volume, origin));
  }

  boolean hasVolume(String name) {
    for (Added volume : volumes) {
      if (volume.tree().path("name").asText().equals(name)) {
        return true;
      }
    }
    for (JsonNode volume : spec().path("volumes")) {
      if (volume.path("name").asText().equals(name)) {
        return true;
      }
    }
    return false;
  }

  /** What the containers request and are limited to, those that were added included. */
  PodUse use() {
    List<PodUse.Part> parts = new ArrayList<>(initContainers.size() + containers.size());
    for (ContainerDraft container : initContainers) {
      boolean sidecar = container.field("restartPolicy").asText().equals("Always");
      parts.add(part(container, sidecar ? PodUse.Kind.SIDECAR : PodUse.Kind.INIT));
    }
    for (ContainerDraft container : containers) {
      parts.add(part(container, PodUse.Kind.CONTAINER));
    }
    return new PodUse(parts, spec().path("resources"));
  }

  private static PodUse.Part part(ContainerDraft container, PodUse.Kind kind) {
    return new PodUse.Part(container.name(), kind, container.field("resources"));
  }

  /**
   * What the emptyDirs that were added may take of a node's storage together; empty if that is any
   * amount.
   */
  Optional<BigDecimal> addedEphemeralStorage() {
    BigDecimal sum = BigDecimal.ZERO;
    for (Added volume : volumes) {
      if (volume.tree().has("emptyDir")) {
        Optional<BigDecimal> most =
            Quantity.parse(volume.tree().path("emptyDir").path("sizeLimit"))
                .filter(size -> size.signum() > 0);
        if (most.isEmpty()) {
          return Optional.empty();
        }
        sum = sum.add(most.get());
      }
    }
    return Optional.of(sum);
  }

  void annotate(String key, String value, Origin origin) {
    annotations.put(key, new Added(JSON.textNode(value), origin));
  }

  /** An annotation as it is now; the empty string when there is none. */
  String annotation(String key) {
    Added set = annotations.get(key);
    return set != null
        ? set.tree().asText()
        : original.path("metadata").path("annotations").path(key).asText("");
  }

  void setSpec(String key, JsonNode value, Origin origin) {
    specFields.put(key, new Added(value, origin));
  }

  /** Names Secrets to pull images with, beside those that the pod names. */
  void addPullSecrets(List<String> names, Origin origin) {
    Added set = specFields.get(PULL_SECRETS);
    JsonNode before = set == null ? spec().path(PULL_SECRETS) : set.tree();
    ArrayNode secrets = JSON.arrayNode();
    before.forEach(secrets::add);
    for (String name : names) {
      if (!before.findValuesAsText("name").contains(name)) {
        secrets.addObject().put("name", name);
      }
    }
    if (secrets.size() > before.size()) {
      setSpec(PULL_SECRETS, secrets, origin);
    }
  }

  /** A container name like the one wanted that no container of the pod has. */
  String freeContainerName(String wanted) {
    String name = shortened(wanted, "");
    for (int i = 2; container(name) != null || isEphemeral(name); i++) {
      name = shortened(wanted, "-" + i);
    }
    return name;
  }

  private boolean isEphemeral(String name) {
    for (JsonNode container : spec().path("ephemeralContainers")) {
      if (container.path("name").asText().equals(name)) {
        return true;
      }
    }
    return false;
  }

  /** A volume name like the one wanted that no volume of the pod has. */
  String freeVolumeName(String wanted) {
    String name = shortened(wanted, "");
    for (int i = 2; hasVolume(name); i++) {
      name = shortened(wanted, "-" + i);
    }
    return name;
  }

  private static String shortened(String wanted, String suffix) {
    int room = LONGEST_NAME - suffix.length();
    String head = wanted.length() <= room ? wanted : wanted.substring(0, room);
    int end = head.length();
    while (end > 0 && head.charAt(end - 1) == '-') {
      end--;
    }
    return head.substring(0, end) + suffix;
  }

  /** The edited pod, the patch that makes it of the original, and the journal. */
  EditedPod finish() {
    List<PatchOperation> patch = new ArrayList<>();
    List<Edit> journal = new ArrayList<>();
    ObjectNode spec = shallowCopy(spec());
    if (!initContainers.isEmpty()) {
      finishContainers("initContainers", initContainers, spec, patch, journal);
    }
    finishContainers("containers", containers, spec, patch, journal);
    finishVolumes(spec, patch, journal);
    for (Map.Entry<String, Added> field : specFields.entrySet()) {
      finishSpecField(spec, field.getKey(), field.getValue(), patch, journal);
    }
    ObjectNode pod = shallowCopy(original);
    if (!annotations.isEmpty()) {
      pod.set("metadata", finishAnnotations(patch, journal));
    }
    pod.set("spec", spec);
    List<Overruled> overruled = new ArrayList<>();
    initContainers.forEach(container -> overruled.addAll(container.env().overruled()));
    containers.forEach(container -> overruled.addAll(container.env().overruled()));
    return new EditedPod(
        pod, List.copyOf(patch), new Journal(List.copyOf(journal), List.copyOf(overruled)));
  }

  private void finishContainers(
      String key,
      List<ContainerDraft> drafts,
      ObjectNode spec,
      List<PatchOperation> patch,
      List<Edit> journal) {
    String path = "/spec/" + key;
    List<PatchOperation> own = new ArrayList<>();
    List<PatchOperation> inserted = new ArrayList<>();
    ArrayNode edited = JSON.arrayNode(drafts.size());
    for (int i = 0; i < drafts.size(); i++) {
      ContainerDraft container = drafts.get(i);
      ObjectNode tree = container.finish(path + "/" + i, own, journal);
      edited.add(tree);
      if (container.isAdded()) {
        inserted.add(PatchOperation.add(path + "/" + i, tree));
      }
    }
    spec.set(key, edited);
    if (spec().path(key).isEmpty()) {
      patch.add(PatchOperation.add(path, edited));
    } else {
      // Insertions first: the pod's own containers are edited at the places they then have.
      patch.addAll(inserted);
      patch.addAll(own);
    }
  }

  private void finishVolumes(ObjectNode spec, List<PatchOperation> patch, List<Edit> journal) {
    if (volumes.isEmpty()) {
      return;
    }
    String path = "/spec/volumes";
    ArrayNode edited = JSON.arrayNode();
    spec().path("volumes").forEach(edited::add);
    boolean whole = edited.isEmpty();
    for (Added volume : volumes) {
      String at = path + "/" + edited.size();
      edited.add(volume.tree());
      String name = volume.tree().path("name").asText();
      journal.add(edit(at, Part.VOLUME, name, volume.tree(), volume.origin(), NOTHING));
      if (!whole) {
        patch.add(PatchOperation.add(at, volume.tree()));
      }
    }
    if (whole) {
      patch.add(PatchOperation.add(path, edited));
    }
    spec.set("volumes", edited);
  }

  private void finishSpecField(
      ObjectNode spec, String key, Added field, List<PatchOperation> patch, List<Edit> journal) {
    String path = "/spec/" + key;
    JsonNode before = spec().path(key);
    patch.add(
        spec().has(key)
            ? PatchOperation.replace(path, field.tree())
            : PatchOperation.add(path, field.tree()));
    journal.add(edit(path, Part.FIELD, key, field.tree(), field.origin(), before));
    spec.set(key, field.tree());
  }

  private ObjectNode finishAnnotations(List<PatchOperation> patch, List<Edit> journal) {
    JsonNode old = original.path("metadata").path("annotations");
    ObjectNode metadata = shallowCopy(original.path("metadata"));
    ObjectNode edited = shallowCopy(old);
    annotations.forEach((key, added) -> {
      String path = "/metadata/annotations/" + key.replace("~", "~0").replace("/", "~1");
      journal.add(edit(path, Part.ANNOTATION, key, added.tree(), added.origin(), old.path(key)));
      if (old.isObject()) {
        patch.add(
            old.has(key)
                ? PatchOperation.replace(path, added.tree())
                : PatchOperation.add(path, added.tree()));
      }
      edited.set(key, added.tree());
    });
    metadata.set("annotations", edited);
    if (!original.path("metadata").isObject()) {
      patch.add(PatchOperation.add("/metadata", metadata));
    } else if (!old.isObject()) {
      patch.add(PatchOperation.add("/metadata/annotations", edited));
    }
    return metadata;
  }

  private static Edit edit(
      String path, Part part, String name, JsonNode value, Origin origin, JsonNode before) {
    return new Edit(
        path, "", part, name, value, origin.language(), origin.rule(), origin.source(), before);
  }

  private static ObjectNode shallowCopy(JsonNode tree) {
    ObjectNode copy = JSON.objectNode();
    if (tree instanceof ObjectNode object) {
      copy.setAll(object);
    }
    return copy;
  }
}
