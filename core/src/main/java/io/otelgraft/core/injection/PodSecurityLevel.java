package io.otelgraft.core.injection;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.spi.Need;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a namespace allows the containers that are added to its pods.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/security/pod-security-standards/">Pod Security
 *     Standards</a>
 */
enum PodSecurityLevel {
  PRIVILEGED,
  BASELINE,
  RESTRICTED;

  private static final Set<String> BASELINE_CAPABILITIES =
      Set.of(
          "AUDIT_WRITE",
          "CHOWN",
          "DAC_OVERRIDE",
          "FOWNER",
          "FSETID",
          "KILL",
          "MKNOD",
          "NET_BIND_SERVICE",
          "SETFCAP",
          "SETGID",
          "SETPCAP",
          "SETUID",
          "SYS_CHROOT");

  private static final Set<String> SELINUX_TYPES =
      Set.of("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t");

  /**
   * The level that a label names; one that the API server does not know counts as the strictest.
   */
  static PodSecurityLevel of(String label) {
    return switch (label) {
      case "privileged", "" -> PRIVILEGED;
      case "baseline" -> BASELINE;
      default -> RESTRICTED;
    };
  }

  /** The needs that no container has which the level allows. */
  Set<Need> forbidden() {
    return switch (this) {
      case PRIVILEGED -> EnumSet.noneOf(Need.class);
      case BASELINE -> EnumSet.of(Need.PRIVILEGED, Need.CAPABILITIES, Need.HOST_PATH);
      case RESTRICTED -> EnumSet.of(Need.ROOT, Need.PRIVILEGED, Need.CAPABILITIES, Need.HOST_PATH);
    };
  }

  /**
   * What the level forbids in a container's security context, as one would write it.
   *
   * @param context of the container
   * @param pod that of the pod, which counts where the container's says nothing
   * @return empty if nothing
   */
  Optional<String> breach(JsonNode context, JsonNode pod) {
    return switch (this) {
      case PRIVILEGED -> Optional.empty();
      case BASELINE -> beyondBaseline(context, pod);
      case RESTRICTED -> beyondBaseline(context, pod).or(() -> beyondRestricted(context, pod));
    };
  }

  private static Optional<String> beyondBaseline(JsonNode context, JsonNode pod) {
    if (context.path("privileged").asBoolean(false)) {
      return Optional.of("privileged: true");
    }
    List<String> capabilities = beyondBaseline(context.path("capabilities"));
    if (!capabilities.isEmpty()) {
      return Optional.of("capabilities.add: " + capabilities);
    }
    for (String profile : List.of("seccompProfile", "appArmorProfile")) {
      if (effective(context, pod, profile).path("type").asText().equals("Unconfined")) {
        return Optional.of(profile + ".type: Unconfined");
      }
    }
    if (isUnmasked(context)) {
      return Optional.of("procMount: Unmasked");
    }
    if (isForbiddenSeLinux(effective(context, pod, "seLinuxOptions"))) {
      return Optional.of("seLinuxOptions of its own");
    }
    return isHostProcess(effective(context, pod, "windowsOptions"))
        ? Optional.of("windowsOptions.hostProcess: true")
        : Optional.empty();
  }

  private static Optional<String> beyondRestricted(JsonNode context, JsonNode pod) {
    if (isRoot(effective(context, pod, "runAsUser"))) {
      return Optional.of("runAsUser: 0");
    }
    if (!effective(context, pod, "runAsNonRoot").asBoolean(false)) {
      return Optional.of("no runAsNonRoot: true");
    }
    if (!isFalse(context.path("allowPrivilegeEscalation"))) {
      return Optional.of("no allowPrivilegeEscalation: false");
    }
    if (!dropsAll(context.path("capabilities"))) {
      return Optional.of("no capabilities.drop: [ALL]");
    }
    return isConfined(effective(context, pod, "seccompProfile"))
        ? Optional.empty()
        : Optional.of("no seccompProfile");
  }

  /** What counts for a container. */
  static JsonNode effective(JsonNode container, JsonNode pod, String field) {
    return container.has(field) ? container.get(field) : pod.path(field);
  }

  static boolean isFalse(JsonNode flag) {
    return flag.isBoolean() && !flag.asBoolean();
  }

  static boolean isRoot(JsonNode user) {
    return user.isNumber() && user.asLong() == 0;
  }

  /** Whether a seccomp profile is one that {@code restricted} asks for. */
  static boolean isConfined(JsonNode seccomp) {
    String type = seccomp.path("type").asText();
    return type.equals("RuntimeDefault") || type.equals("Localhost");
  }

  /** The capabilities that are added beyond those that {@code baseline} allows. */
  static List<String> beyondBaseline(JsonNode capabilities) {
    List<String> beyond = new ArrayList<>(0);
    for (JsonNode name : capabilities.path("add")) {
      if (!BASELINE_CAPABILITIES.contains(name.asText())) {
        beyond.add(name.asText());
      }
    }
    return beyond;
  }

  /** Whether all capabilities are dropped, and none is added but the one that anybody may have. */
  static boolean dropsAll(JsonNode capabilities) {
    boolean all = false;
    for (JsonNode name : capabilities.path("drop")) {
      all |= name.asText().equals("ALL");
    }
    for (JsonNode name : capabilities.path("add")) {
      all &= name.asText().equals("NET_BIND_SERVICE");
    }
    return all;
  }

  static boolean isForbiddenSeLinux(JsonNode seLinux) {
    return !seLinux.path("user").asText("").isEmpty()
        || !seLinux.path("role").asText("").isEmpty()
        || !SELINUX_TYPES.contains(seLinux.path("type").asText(""));
  }

  static boolean isUnmasked(JsonNode context) {
    return context.path("procMount").asText().equals("Unmasked");
  }

  static boolean isHostProcess(JsonNode windowsOptions) {
    return windowsOptions.path("hostProcess").asBoolean(false);
  }
}
