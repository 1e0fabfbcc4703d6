package io.otelgraft.testkit;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code pkg/apis/core/validation}: {@code ValidatePersistentVolumeClaimTemplate}, for ephemeral
 * volumes.
 */
final class ClaimTemplateRules {
  private static final List<String> ACCESS_MODES =
      List.of("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod");
  private static final List<String> VOLUME_MODES = List.of("Block", "Filesystem");
  private static final Set<String> ALLOWED_METADATA = Set.of("labels", "annotations");

  private ClaimTemplateRules() {}

  static void check(Field template) {
    if (!template.isSet()) {
      template.required("");
      return;
    }
    Field metadata = template.child("metadata");
    MetadataRules.annotations(metadata.child("annotations"));
    MetadataRules.labels(metadata.child("labels"));
    for (Field field : metadata.entries()) {
      Field child = metadata.child(field.key());
      if (!ALLOWED_METADATA.contains(field.key()) && isNotZero(child)) {
        child.forbidden("cannot be set");
      }
    }
    Field spec = template.child("spec");
    accessModes(spec.child("accessModes"));
    MetadataRules.labelSelector(spec.child("selector"));
    storage(spec.child("resources").child("requests").entry("storage"));
    for (String field : List.of("storageClassName", "volumeAttributesClassName")) {
      Field name = spec.child(field);
      if (!name.text().isEmpty()) {
        name.invalid(Formats.dnsSubdomain(name.text()));
      }
    }
    if (spec.has("volumeMode")) {
      spec.child("volumeMode").requireOneOf(VOLUME_MODES);
    }
    dataSource(spec.child("dataSource"));
    dataSource(spec.child("dataSourceRef"));
    dataSources(spec);
  }

  /** Whether the server's decoder would leave more than a zero value there. */
  private static boolean isNotZero(Field field) {
    return field.isSet()
        && (field.value().isContainerNode()
            || (!field.isEmpty() && !field.value().asText().equals("0")));
  }

  private static void accessModes(Field modes) {
    if (modes.isEmpty()) {
      modes.required("at least 1 access mode is required");
    }
    Set<String> found = new HashSet<>();
    for (Field mode : modes.items()) {
      mode.requireOneOf(ACCESS_MODES);
      if (ACCESS_MODES.contains(mode.text())) {
        found.add(mode.text());
      }
    }
    if (found.size() > 1 && found.contains("ReadWriteOncePod")) {
      modes.forbidden("may not use ReadWriteOncePod with other access modes");
    }
  }

  private static void storage(Field storage) {
    Quantity size = Quantity.of(storage.value()).orElseThrow();
    if (!storage.isSet()) {
      storage.required("");
    } else if (size.signum() <= 0) {
      storage.invalid(size.toString(), "must be greater than zero");
    }
  }

  private static void dataSource(Field source) {
    if (!source.isSet()) {
      return;
    }
    source.requireText("name");
    source.requireText("kind");
    Field group = source.child("apiGroup");
    if (group.text().isEmpty()) {
      if (!source.text("kind").equals("PersistentVolumeClaim")) {
        source.invalid(
            source.text("kind"),
            "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
      }
    } else {
      group.invalid(Formats.dnsSubdomain(group.text()));
    }
    Field namespace = source.child("namespace");
    if (!namespace.text().isEmpty()) {
      namespace.invalid(Formats.dnsLabel(namespace.text()));
    }
  }

  private static void dataSources(Field spec) {
    Field source = spec.child("dataSource");
    Field reference = spec.child("dataSourceRef");
    if (!source.isSet() || !reference.isSet()) {
      return;
    }
    if (!reference.text("namespace").isEmpty()) {
      source.invalid("may not be specified when dataSourceRef.namespace is specified");
    } else if (source.has("apiGroup") != reference.has("apiGroup")
        || !source.text("apiGroup").equals(reference.text("apiGroup"))
        || !source.text("kind").equals(reference.text("kind"))
        || !source.text("name").equals(reference.text("name"))) {
      source.invalid("must match dataSourceRef");
    }
  }
}
