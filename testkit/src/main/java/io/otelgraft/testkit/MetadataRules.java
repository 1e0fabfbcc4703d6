package io.otelgraft.testkit;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * {@code k8s.io/apimachinery}: {@code ValidateObjectMeta}, {@code ValidateLabels}, {@code
 * ValidateLabelSelector}.
 */
final class MetadataRules {
  private static final int ANNOTATIONS_LIMIT = 256 * 1024;
  private static final int GENERATED_NAME_BASE = 58;
  private static final Set<String> STANDARD_FINALIZERS =
      Set.of("kubernetes", "orphan", "foregroundDeletion");

  private MetadataRules() {}

  /**
   * The pod's name; with {@code generateName} one of the length that the API server would give it.
   */
  static String name(Field metadata) {
    String base = metadata.text("generateName");
    if (!metadata.text("name").isEmpty() || base.isEmpty()) {
      return metadata.text("name");
    }
    return base.substring(0, Math.min(base.length(), GENERATED_NAME_BASE)) + "00000";
  }

  static void pod(Field metadata) {
    Field generateName = metadata.child("generateName");
    if (!generateName.text().isEmpty()) {
      generateName.invalid(Formats.dnsSubdomainPrefix(generateName.text()));
    }
    String name = name(metadata);
    if (name.isEmpty()) {
      metadata.child("name").required("name or generateName is required");
    } else {
      metadata.child("name").invalid(name, Formats.dnsSubdomain(name));
    }
    Field namespace = metadata.child("namespace");
    if (!namespace.text().isEmpty()) {
      namespace.invalid(Formats.dnsLabel(namespace.text()));
    }
    labels(metadata.child("labels"));
    annotations(metadata.child("annotations"));
    ownerReferences(metadata.child("ownerReferences"));
    finalizers(metadata.child("finalizers"));
  }

  static void labels(Field labels) {
    for (Field label : labels.entries()) {
      label.invalid(label.key(), Formats.labelKey(label.key()));
      label.invalid(label.text(), Formats.labelValue(label.text()));
    }
  }

  static void annotations(Field annotations) {
    long size = 0;
    for (Field annotation : annotations.entries()) {
      // A qualified name, except that case does not matter.
      annotation.invalid(
          annotation.key(), Formats.labelKey(annotation.key().toLowerCase(Locale.ROOT)));
      size += Formats.bytes(annotation.key()) + Formats.bytes(annotation.text());
    }
    if (size > ANNOTATIONS_LIMIT) {
      annotations.tooLong(ANNOTATIONS_LIMIT);
    }
  }

  static void labelSelector(Field selector) {
    labels(selector.child("matchLabels"));
    for (Field expression : selector.items("matchExpressions")) {
      Field values = expression.child("values");
      switch (expression.text("operator")) {
        case "In", "NotIn" -> {
          if (values.isEmpty()) {
            values.required("must be specified when `operator` is 'In' or 'NotIn'");
          }
        }
        case "Exists", "DoesNotExist" -> {
          if (!values.isEmpty()) {
            values.forbidden("may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
          }
        }
        default ->
            expression
                .child("operator")
                .invalid(expression.text("operator"), "not a valid selector operator");
      }
      labelName(expression.child("key"));
      values
          .items()
          .forEach(value -> value.invalid(value.text(), Formats.labelValue(value.text())));
    }
  }

  static void labelName(Field name) {
    name.invalid(name.text(), Formats.labelKey(name.text()));
  }

  static void nonNegative(Field number) {
    if (number.number() < 0) {
      number.invalid("must be greater than or equal to 0");
    }
  }

  private static void ownerReferences(Field references) {
    String controller = "";
    for (Field reference : references.items()) {
      if (version(reference.text("apiVersion")).isEmpty()) {
        reference
            .child("apiVersion")
            .invalid(reference.text("apiVersion"), "version must not be empty");
      }
      for (String field : List.of("kind", "name", "uid")) {
        if (reference.text(field).isEmpty()) {
          reference.child(field).invalid("", "must not be empty");
        }
      }
      if (reference.text("apiVersion").equals("v1") && reference.text("kind").equals("Event")) {
        reference.invalid("/v1, Kind=Event is disallowed from being an owner");
      }
      if (reference.flag("controller")) {
        String current = reference.text("kind") + "/" + reference.text("name");
        if (controller.isEmpty()) {
          controller = current;
        } else {
          references.invalid(
              "Only one reference can have Controller set to true. Found \"true\" in references for "
                  + controller
                  + " and "
                  + current);
        }
      }
    }
  }

  /** {@code schema.FromAPIVersionAndKind}: what is not one or two parts has no version. */
  private static String version(String apiVersion) {
    int slash = apiVersion.indexOf('/');
    return slash == apiVersion.lastIndexOf('/') ? apiVersion.substring(slash + 1) : "";
  }

  private static void finalizers(Field finalizers) {
    for (Field finalizer : finalizers.items()) {
      String name = finalizer.text();
      finalizer.invalid(name, Formats.labelKey(name));
      if (!name.contains("/") && !STANDARD_FINALIZERS.contains(name)) {
        finalizer.invalid(
            name, "name is neither a standard finalizer name nor is it fully qualified");
      }
    }
    List<String> names = finalizers.items().stream().map(Field::text).toList();
    if (names.contains("orphan") && names.contains("foregroundDeletion")) {
      finalizers.invalid("finalizer orphan and foregroundDeletion cannot be both set");
    }
  }
}
