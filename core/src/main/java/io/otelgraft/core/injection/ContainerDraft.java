package io.otelgraft.core.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.injection.Edit.Part;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A container of a pod while it is edited: one of the pod's own, or one that injection adds. The
 * pod's own tree is never touched; what is not edited is shared with it.
 */
final class ContainerDraft {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final JsonNode NOTHING = MissingNode.getInstance();

  private static final String[] EDITED_LISTS = {"env", "envFrom", "volumeMounts", "command"};

  private final ObjectNode original;
  private final String name;
  private final boolean init;
  private final Origin addedBy;
  private final EnvDraft env;
  private final List<Mount> mounts = new ArrayList<>(2);
  private final NavigableMap<Integer, Origin> unmounted = new TreeMap<>();
  private final Map<String, Field> fields = new LinkedHashMap<>(4);

  private record Field(JsonNode value, Origin origin) {}

  /** A mount to add; {@code at} is the position of the mount that it replaces, or -1. */
  private record Mount(ObjectNode tree, int at, Origin origin) {}

  private ContainerDraft(ObjectNode original, boolean init, Origin addedBy, boolean leadingBlank) {
    this.original = original;
    this.name = original.path("name").asText();
    this.init = init;
    this.addedBy = addedBy;
    for (String list : EDITED_LISTS) {
      Shape.list(original, list, name);
    }
    this.env = new EnvDraft(name, original.path("env"), original.path("envFrom"), leadingBlank);
  }

  /** One of the pod's own containers. */
  static ContainerDraft of(ObjectNode original, boolean init, boolean leadingBlank) {
    return new ContainerDraft(original, init, null, leadingBlank);
  }

  /** A container that injection adds, beginning with the fields given. */
  static ContainerDraft added(ObjectNode begin, boolean init, Origin by, boolean leadingBlank) {
    return new ContainerDraft(begin, init, by, leadingBlank);
  }

  String name() {
    return name;
  }

  boolean isInit() {
    return init;
  }

  boolean isAdded() {
    return addedBy != null;
  }

  /** What added it; null for one of the pod's own. */
  Origin addedBy() {
    return addedBy;
  }

  EnvDraft env() {
    return env;
  }

  /** The container as the pod gave it, or as it began. */
  ObjectNode original() {
    return original;
  }

  /** A field as it is now; a missing node when there is none. */
  JsonNode field(String key) {
    Field set = fields.get(key);
    return set == null ? original.path(key) : set.value();
  }

  void set(String key, JsonNode value, Origin origin) {
    fields.put(key, new Field(value, origin));
  }

  /** Whether a mount, the pod's or an added one, is at the path. */
  boolean mountsAt(String path) {
    for (Mount mount : mounts) {
      if (mount.tree().path("mountPath").asText().equals(path)) {
        return true;
      }
    }
    return mountAt(path) >= 0;
  }

  private int mountAt(String path) {
    JsonNode own = original.path("volumeMounts");
    for (int i = 0; i < own.size(); i++) {
      if (withoutSlash(own.get(i).path("mountPath").asText()).equals(withoutSlash(path))
          && !unmounted.containsKey(i)) {
        return i;
      }
    }
    return -1;
  }

  private static String withoutSlash(String path) {
    return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  /** Mounts a volume unless the container mounts it at that path already. */
  void mount(String volume, String path, boolean readOnly, Origin origin) {
    mount(mountOf(volume, path, readOnly), origin);
  }

  /**
   * Mounts a directory of a volume, read-only, unless the container mounts it at that path already.
   *
   * @param directory a path relative to the volume; the empty string for the volume itself
   */
  void mountPart(String volume, String directory, String path, Origin origin) {
    ObjectNode mount = mountOf(volume, path, true);
    mount(directory.isEmpty() ? mount : mount.put("subPath", directory), origin);
  }

  private void mount(ObjectNode mount, Origin origin) {
    for (Mount added : mounts) {
      if (added.tree().equals(mount)) {
        return;
      }
    }
    mounts.add(new Mount(mount, -1, origin));
  }

  /** Mounts a volume in place of what the pod mounts at that path. */
  void mountInstead(String volume, String path, Origin origin) {
    mounts.add(new Mount(mountOf(volume, path, false), mountAt(path), origin));
  }

  /** Leaves out what the pod mounts at that path. */
  void unmount(String path, Origin origin) {
    int at = mountAt(path);
    if (at >= 0) {
      unmounted.put(at, origin);
    }
  }

  private static ObjectNode mountOf(String volume, String path, boolean readOnly) {
    ObjectNode mount = JSON.objectNode().put("name", volume).put("mountPath", path);
    return readOnly ? mount.put("readOnly", true) : mount;
  }

  boolean isChanged() {
    return isAdded()
        || env.isChanged()
        || !mounts.isEmpty()
        || !unmounted.isEmpty()
        || !fields.isEmpty();
  }

  /**
   * Ends the editing of one container.
   *
   * @param path JSON pointer of the container in the edited pod
   * @return the container as it is to be; the pod's own tree when nothing changed
   */
  ObjectNode finish(String path, List<PatchOperation> patch, List<Edit> journal) {
    if (!isChanged()) {
      return original;
    }
    ObjectNode edited = JSON.objectNode();
    edited.setAll(original);
    List<PatchOperation> operations = new ArrayList<>();
    if (isAdded()) {
      journal.add(edit(path, Part.CONTAINER, name, edited.path("image"), addedBy, NOTHING));
    }
    for (Map.Entry<String, Field> field : fields.entrySet()) {
      finishField(path, edited, field.getKey(), field.getValue(), operations, journal);
    }
    if (env.isChanged()) {
      edited.set("env", env.finish(path + "/env", operations, journal));
    }
    if (!mounts.isEmpty() || !unmounted.isEmpty()) {
      edited.set("volumeMounts", finishMounts(path + "/volumeMounts", operations, journal));
    }
    if (isAdded()) {
      // The container goes into the patch as a whole, so its parts need no operation.
      return edited;
    }
    patch.addAll(operations);
    return edited;
  }

  private void finishField(
      String path,
      ObjectNode edited,
      String key,
      Field field,
      List<PatchOperation> patch,
      List<Edit> journal) {
    String at = path + "/" + key;
    JsonNode before = original.path(key);
    patch.add(
        original.has(key)
            ? PatchOperation.replace(at, field.value())
            : PatchOperation.add(at, field.value()));
    journal.add(edit(at, Part.FIELD, key, field.value(), field.origin(), before));
    edited.set(key, field.value());
  }

  private ArrayNode finishMounts(String path, List<PatchOperation> patch, List<Edit> journal) {
    ArrayNode edited = JSON.arrayNode();
    original.path("volumeMounts").forEach(edited::add);
    boolean whole = edited.isEmpty();
    for (Mount mount : mounts) {
      if (mount.at() >= 0) {
        JsonNode before = edited.get(mount.at());
        edited.set(mount.at(), mount.tree());
        patch.add(PatchOperation.replace(path + "/" + mount.at(), mount.tree()));
        int at = mount.at() - unmounted.headMap(mount.at()).size();
        journal.add(edit(path, at, mount.tree(), mount.tree(), mount.origin(), before));
      }
    }
    // From the back, so that the places of what is still to be removed hold.
    unmounted
        .descendingMap()
        .forEach((at, origin) -> {
          JsonNode before = edited.remove(at.intValue());
          patch.add(PatchOperation.remove(path + "/" + at));
          journal.add(edit(path, at, before, NOTHING, origin, before));
        });
    for (Mount mount : mounts) {
      if (mount.at() < 0) {
        int at = edited.size();
        edited.add(mount.tree());
        patch.add(PatchOperation.add(path + "/" + at, mount.tree()));
        journal.add(edit(path, at, mount.tree(), mount.tree(), mount.origin(), NOTHING));
      }
    }
    if (whole) {
      patch.subList(patch.size() - mounts.size(), patch.size()).clear();
      patch.add(PatchOperation.add(path, edited));
    }
    return edited;
  }

  private Edit edit(
      String path, int at, JsonNode mount, JsonNode value, Origin origin, JsonNode before) {
    String mountPath = mount.path("mountPath").asText();
    return edit(path + "/" + at, Part.MOUNT, mountPath, value, origin, before);
  }

  private Edit edit(
      String path, Part part, String subject, JsonNode value, Origin origin, JsonNode before) {
    return new Edit(
        path,
        name,
        part,
        subject,
        value,
        origin.language(),
        origin.rule(),
        origin.source(),
        before);
  }
}
