package io.otelgraft.testkit;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code pkg/apis/core/validation}: {@code ValidateVolumeMounts}, {@code ValidateVolumeDevices}.
 */
final class MountRules {
  private static final List<String> PROPAGATIONS =
      List.of("Bidirectional", "HostToContainer", "None");
  private static final List<String> RECURSIVE_READ_ONLY =
      List.of("Disabled", "Enabled", "IfPossible");

  private MountRules() {}

  static void container(Field container, PodFacts facts) {
    mounts(container, facts);
    devices(container, facts);
    if (!facts.hostUsers() && !container.child("volumeDevices").isEmpty()) {
      container.child("volumeDevices").forbidden("when `hostUsers` is false");
    }
  }

  private static void mounts(Field container, PodFacts facts) {
    Map<String, String> devices = byName(container.child("volumeDevices"), "devicePath");
    Set<String> paths = new HashSet<>();
    for (Field mount : container.items("volumeMounts")) {
      Field name = mount.child("name");
      mount.requireText("name");
      if (!facts.volumes().containsKey(name.text())) {
        name.notFound("");
      }
      Field path = mount.child("mountPath");
      mount.requireText("mountPath");
      if (!paths.add(path.text())) {
        path.invalid(path.text(), "must be unique");
      }
      if (devices.containsKey(name.text())) {
        name.invalid(name.text(), "must not already exist in volumeDevices");
      }
      if (devices.containsValue(path.text())) {
        path.invalid(path.text(), "must not already exist as a path in volumeDevices");
      }
      Field subPath = mount.child("subPath");
      Field expression = mount.child("subPathExpr");
      subPath.invalid(Formats.descendingPath(subPath.text()));
      expression.invalid(Formats.descendingPath(expression.text()));
      if (!subPath.text().isEmpty() && !expression.text().isEmpty()) {
        expression.invalid("subPathExpr and subPath are mutually exclusive");
      }
      propagation(mount.child("mountPropagation"), container);
      recursiveReadOnly(mount);
    }
  }

  private static void propagation(Field propagation, Field container) {
    if (!propagation.isSet()) {
      return;
    }
    propagation.requireOneOf(PROPAGATIONS);
    if (propagation.text().equals("Bidirectional")
        && !container.child("securityContext").flag("privileged")) {
      propagation.forbidden(
          "Bidirectional mount propagation is available only to privileged containers");
    }
  }

  private static void recursiveReadOnly(Field mount) {
    Field recursive = mount.child("recursiveReadOnly");
    if (!recursive.isSet() || recursive.text().equals("Disabled")) {
      return;
    }
    if (!RECURSIVE_READ_ONLY.contains(recursive.text())) {
      recursive.requireOneOf(RECURSIVE_READ_ONLY);
      return;
    }
    if (!mount.flag("readOnly")) {
      recursive.forbidden("may only be specified when readOnly is true");
    }
    if (mount.has("mountPropagation") && !mount.text("mountPropagation").equals("None")) {
      recursive.forbidden("may only be specified when mountPropagation is None or not specified");
    }
  }

  private static void devices(Field container, PodFacts facts) {
    Map<String, String> mounts = byName(container.child("volumeMounts"), "mountPath");
    Set<String> names = new HashSet<>();
    Set<String> paths = new HashSet<>();
    for (Field device : container.items("volumeDevices")) {
      Field name = device.child("name");
      Field path = device.child("devicePath");
      Field volume = facts.volumes().get(name.text());
      device.requireText("name");
      if (names.contains(name.text())) {
        name.invalid(name.text(), "must be unique");
      }
      if (volume == null) {
        name.notFound("");
      } else if (!volume.has("persistentVolumeClaim") && !volume.has("ephemeral")) {
        name.invalid(
            "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode");
      }
      device.requireText("devicePath");
      if (paths.contains(path.text())) {
        path.invalid(path.text(), "must be unique");
      }
      if (!Formats.pathWithoutBacksteps(path.text()).isEmpty()) {
        path.invalid("can not contain backsteps ('..')");
      } else {
        paths.add(path.text());
      }
      if (mounts.containsKey(name.text())) {
        name.invalid(name.text(), "must not already exist in volumeMounts");
      }
      if (mounts.containsValue(path.text())) {
        path.invalid(path.text(), "must not already exist as a path in volumeMounts");
      }
      if (!name.text().isEmpty()) {
        names.add(name.text());
      }
    }
  }

  private static Map<String, String> byName(Field list, String path) {
    Map<String, String> result = new HashMap<>();
    list.items().forEach(item -> result.put(item.text("name"), item.text(path)));
    return result;
  }
}
