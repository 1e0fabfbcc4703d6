package io.otelgraft.testkit;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * {@code pkg/apis/core/validation}: {@code ValidateEnv}, {@code ValidateEnvFrom} and the references
 * that they use.
 */
final class EnvironmentRules {
  private static final List<String> SOURCES =
      List.of("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef");
  private static final List<String> ENVIRONMENT_PATHS =
      List.of(
          "metadata.name",
          "metadata.namespace",
          "metadata.uid",
          "spec.nodeName",
          "spec.serviceAccountName",
          "status.hostIP",
          "status.hostIPs",
          "status.podIP",
          "status.podIPs");
  private static final List<String> VOLUME_PATHS =
      List.of(
          "metadata.annotations",
          "metadata.labels",
          "metadata.name",
          "metadata.namespace",
          "metadata.uid");

  /** {@code ConvertDownwardAPIFieldLabel}: what exists at all, wherever it may be used. */
  private static final Set<String> KNOWN_PATHS =
      Set.of(
          "metadata.annotations",
          "metadata.labels",
          "metadata.name",
          "metadata.namespace",
          "metadata.uid",
          "spec.nodeName",
          "spec.restartPolicy",
          "spec.serviceAccountName",
          "spec.schedulerName",
          "status.phase",
          "status.hostIP",
          "status.hostIPs",
          "status.podIP",
          "status.podIPs");

  private static final List<String> RESOURCES =
      List.of(
          "limits.cpu",
          "limits.ephemeral-storage",
          "limits.memory",
          "requests.cpu",
          "requests.ephemeral-storage",
          "requests.memory");
  private static final String SIZES = "1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei";
  private static final Set<String> SIZE_DIVISORS = Set.of(SIZES.split(", "));
  private static final Set<String> CPU_DIVISORS = Set.of("1m", "1");

  private EnvironmentRules() {}

  static void container(Field container, PodFacts facts) {
    container.items("env").forEach(variable -> variable(variable, facts));
    container.items("envFrom").forEach(EnvironmentRules::from);
  }

  private static void variable(Field variable, PodFacts facts) {
    Field name = variable.child("name");
    if (name.text().isEmpty()) {
      name.required("");
    } else {
      name.invalid(Formats.environmentName(name.text()));
    }
    Field valueFrom = variable.child("valueFrom");
    if (!valueFrom.isSet()) {
      return;
    }
    long sources = SOURCES.stream().filter(valueFrom::has).count();
    if (valueFrom.has("fieldRef")) {
      fieldReference(valueFrom.child("fieldRef"), ENVIRONMENT_PATHS);
    }
    if (valueFrom.has("resourceFieldRef")) {
      resourceReference(valueFrom.child("resourceFieldRef"), false);
    }
    if (valueFrom.has("configMapKeyRef")) {
      keyReference(valueFrom.child("configMapKeyRef"));
    }
    if (valueFrom.has("secretKeyRef")) {
      keyReference(valueFrom.child("secretKeyRef"));
    }
    if (valueFrom.has("fileKeyRef")) {
      fileReference(valueFrom.child("fileKeyRef"), facts);
    }
    if (sources == 0) {
      valueFrom.invalid(
          "",
          "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`");
    } else if (!variable.text("value").isEmpty()) {
      valueFrom.invalid("", "may not be specified when `value` is not empty");
    } else if (sources > 1) {
      valueFrom.invalid("", "may not have more than one field specified at a time");
    }
  }

  private static void from(Field from) {
    Field prefix = from.child("prefix");
    prefix.invalid(Formats.environmentName(prefix.text()));
    int sources = 0;
    for (String source : List.of("configMapRef", "secretRef")) {
      if (from.has(source)) {
        sources++;
        Field name = from.child(source).child("name");
        if (name.text().isEmpty()) {
          name.required("");
        } else {
          name.invalid(Formats.dnsSubdomainPrefix(name.text()));
        }
      }
    }
    if (sources == 0) {
      from.invalid("", "must specify one of: `configMapRef` or `secretRef`");
    } else if (sources > 1) {
      from.invalid("", "may not have more than one field specified at a time");
    }
  }

  /** {@code validateObjectFieldSelector} for a file of a downward API volume. */
  static void volumeFieldReference(Field reference) {
    fieldReference(reference, VOLUME_PATHS);
  }

  private static void fieldReference(Field reference, List<String> supported) {
    Field path = reference.child("fieldPath");
    String version = reference.text("apiVersion", "v1");
    if (path.text().isEmpty()) {
      path.required("");
      return;
    }
    if (!version.equals("v1")) {
      path.invalid("error converting fieldPath: unsupported pod version: " + version);
      return;
    }
    // metadata.labels['key']: SplitMaybeSubscriptedPath
    int bracket = path.text().indexOf("['");
    if (bracket > 0
        && path.text().endsWith("']")
        && path.text().length() >= bracket + "['']".length()) {
      String key = path.text().substring(bracket + 2, path.text().length() - 2);
      switch (path.text().substring(0, bracket)) {
        case "metadata.labels" -> path.invalid(key, Formats.labelKey(key));
        case "metadata.annotations" ->
            path.invalid(key, Formats.labelKey(key.toLowerCase(Locale.ROOT)));
        default ->
            path.invalid(
                "error converting fieldPath: field label does not support subscript: "
                    + path.text());
      }
      return;
    }
    // Old clients say spec.host.
    String converted = path.text().equals("spec.host") ? "spec.nodeName" : path.text();
    if (!KNOWN_PATHS.contains(converted)) {
      path.invalid("error converting fieldPath: field label not supported: " + path.text());
    } else {
      path.requireOneOf(converted, supported);
    }
  }

  /**
   * {@code validateContainerResourceFieldSelector}; a volume has to say which container is meant.
   */
  static void resourceReference(Field reference, boolean inVolume) {
    String resource = reference.text("resource");
    boolean hugePages =
        resource.startsWith("requests.hugepages-") || resource.startsWith("limits.hugepages-");
    if (inVolume && reference.text("containerName").isEmpty()) {
      reference.child("containerName").required("");
    } else if (resource.isEmpty()) {
      reference.child("resource").required("");
    } else if (!hugePages) {
      reference.child("resource").requireOneOf(RESOURCES);
    }

    Quantity divisor = Quantity.of(reference.child("divisor").value()).orElseThrow();
    if (divisor.signum() == 0) {
      return;
    }
    String wrong =
        switch (resource) {
          case "limits.cpu", "requests.cpu" ->
              CPU_DIVISORS.contains(divisor.toString())
                  ? ""
                  : "only divisor's values 1m and 1 are supported with the cpu resource";
          case "limits.memory", "requests.memory" -> sizeDivisor(divisor, "memory");
          case "limits.ephemeral-storage", "requests.ephemeral-storage" ->
              sizeDivisor(divisor, "local ephemeral storage");
          default -> hugePages ? sizeDivisor(divisor, "hugepages") : "";
        };
    if (!wrong.isEmpty()) {
      reference.child("divisor").invalid(resource, wrong);
    }
  }

  private static String sizeDivisor(Quantity divisor, String resource) {
    return SIZE_DIVISORS.contains(divisor.toString())
        ? ""
        : "only divisor's values " + SIZES + " are supported with the " + resource + " resource";
  }

  private static void keyReference(Field reference) {
    Field name = reference.child("name");
    name.invalid(name.text(), Formats.dnsSubdomain(name.text()));
    Field key = reference.child("key");
    if (key.text().isEmpty()) {
      key.required("");
    } else {
      key.invalid(Formats.configKey(key.text()));
    }
  }

  private static void fileReference(Field reference, PodFacts facts) {
    Field key = reference.child("key");
    if (key.text().isEmpty()) {
      key.required("");
    } else {
      key.invalid(Formats.environmentName(key.text()));
    }
    Field path = reference.child("path");
    if (path.text().isEmpty()) {
      path.required("");
    } else {
      path.invalid(Formats.pathWithoutBacksteps(path.text()));
    }
    Field name = reference.child("volumeName");
    if (name.text().isEmpty()) {
      name.required("");
    } else {
      name.invalid(Formats.dnsLabel(name.text()));
    }
    // validateFileKeyRefVolumes, which looks at all volumes, good or bad
    Field volume = null;
    for (Field candidate : facts.spec().items("volumes")) {
      if (candidate.text("name").equals(name.text())) {
        volume = candidate;
      }
    }
    if (volume == null) {
      name.notFound("");
    } else if (!VolumeRules.isEmptyDir(volume)) {
      name.invalid(name.text(), "referenced volume must be of type emptyDir");
    }
  }
}
