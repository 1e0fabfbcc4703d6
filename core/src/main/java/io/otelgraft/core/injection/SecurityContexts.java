package io.otelgraft.core.injection;

import static io.otelgraft.core.injection.PodSecurityLevel.beyondBaseline;
import static io.otelgraft.core.injection.PodSecurityLevel.dropsAll;
import static io.otelgraft.core.injection.PodSecurityLevel.effective;
import static io.otelgraft.core.injection.PodSecurityLevel.isConfined;
import static io.otelgraft.core.injection.PodSecurityLevel.isFalse;
import static io.otelgraft.core.injection.PodSecurityLevel.isForbiddenSeLinux;
import static io.otelgraft.core.injection.PodSecurityLevel.isHostProcess;
import static io.otelgraft.core.injection.PodSecurityLevel.isRoot;
import static io.otelgraft.core.injection.PodSecurityLevel.isUnmasked;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.resource.Instrumentation;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.Need;
import java.util.List;
import java.util.Map;

/** The security context of the containers that deliver agents. */
final class SecurityContexts {
  /** The user {@code nobody} of most images; any number but 0 serves to copy readable files. */
  private static final int NOBODY = 65534;

  private SecurityContexts() {}

  /**
   * The context of a container that runs the target's own image: the resource's, else the target's
   * own, so that it runs as the target does, and reads what that may read. What is added may do no
   * more than the target: where the target keeps to a control of pod security's level {@code
   * restricted} and the resource's context does not, the target's counts.
   *
   * @return an empty object if none is needed
   */
  static ObjectNode forClone(JsonNode spec, ObjectNode target, Instrumentation instrumentation) {
    JsonNode pod = spec.path("securityContext");
    JsonNode own = target.path("securityContext");
    ObjectNode context = JsonNodeFactory.instance.objectNode();
    JsonNode given =
        instrumentation.initContainerSecurityContext().<JsonNode>map(node -> node).orElse(own);
    if (given instanceof ObjectNode object) {
      context.setAll(object);
      tighten(context, own, pod);
    }
    JsonNode user = effective(own, pod, "runAsUser");
    if (isUnstartable(context, pod) && !isUnstartable(own, pod) && user.isNumber()) {
      context.set("runAsUser", user);
    }
    return context;
  }

  /**
   * The context of a container that runs another image: that of a clone. An image without a numeric
   * user cannot run under {@code runAsNonRoot}, so it gets one.
   *
   * @return an empty object if none is needed
   */
  static ObjectNode forDelivery(JsonNode spec, ObjectNode target, Instrumentation instrumentation) {
    JsonNode pod = spec.path("securityContext");
    ObjectNode context = forClone(spec, target, instrumentation);
    if (isUnstartable(context, pod)) {
      context.put("runAsUser", NOBODY);
    }
    return context;
  }

  /**
   * Whether the kubelet may refuse to start a container, or does: it is to run as non-root, and its
   * user is root, or whoever the image names, which need not be a number.
   *
   * @see <a
   *     href="https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#security-context-1">runAsNonRoot</a>
   */
  private static boolean isUnstartable(JsonNode context, JsonNode pod) {
    JsonNode user = effective(context, pod, "runAsUser");
    return effective(context, pod, "runAsNonRoot").asBoolean(false)
        && (!user.isNumber() || isRoot(user));
  }

  /** Whether the resource's context was not followed to the letter. */
  static boolean isTightened(ObjectNode context, Instrumentation instrumentation) {
    return instrumentation
        .initContainerSecurityContext()
        .filter(given -> !isWithin(given, context))
        .isPresent();
  }

  private static boolean isWithin(ObjectNode given, ObjectNode context) {
    for (Map.Entry<String, JsonNode> field : given.properties()) {
      if (!field.getValue().equals(context.get(field.getKey()))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Takes the target's answer to each control that it keeps and the context breaks.
   *
   * @see <a href="https://kubernetes.io/docs/concepts/security/pod-security-standards/">Pod
   *     Security Standards</a>
   */
  private static void tighten(ObjectNode context, JsonNode target, JsonNode pod) {
    if (!target.path("privileged").asBoolean(false)) {
      removeIf(context, "privileged", context.path("privileged").asBoolean(false));
    }
    if (isFalse(target.path("allowPrivilegeEscalation"))) {
      context.put("allowPrivilegeEscalation", false);
    }
    if (addsMore(context.path("capabilities"), target.path("capabilities"))
        || (dropsAll(target.path("capabilities")) && !dropsAll(context.path("capabilities")))) {
      takeOver(context, "capabilities", target);
    }
    if (effective(target, pod, "runAsNonRoot").asBoolean(false)
        && !effective(context, pod, "runAsNonRoot").asBoolean(false)) {
      context.put("runAsNonRoot", true);
    }
    if (!isRoot(effective(target, pod, "runAsUser"))) {
      removeIf(context, "runAsUser", isRoot(context.path("runAsUser")));
    }
    JsonNode profile = effective(target, pod, "seccompProfile");
    if (isConfined(profile) && !isConfined(effective(context, pod, "seccompProfile"))) {
      context.set("seccompProfile", profile);
    }
    keepUnlike(context, target, pod, "seccompProfile", "Unconfined");
    keepUnlike(context, target, pod, "appArmorProfile", "Unconfined");
    removeIf(context, "procMount", isUnmasked(context) && !isUnmasked(target));
    if (isForbiddenSeLinux(context.path("seLinuxOptions"))
        && !isForbiddenSeLinux(effective(target, pod, "seLinuxOptions"))) {
      takeOver(context, "seLinuxOptions", target);
    }
    if (!isHostProcess(effective(target, pod, "windowsOptions"))) {
      removeIf(context, "windowsOptions", isHostProcess(context.path("windowsOptions")));
    }
  }

  /** Whether capabilities are added that neither {@code baseline} allows nor the target has. */
  private static boolean addsMore(JsonNode capabilities, JsonNode targets) {
    List<String> more = beyondBaseline(capabilities);
    more.removeAll(beyondBaseline(targets));
    return !more.isEmpty();
  }

  private static void takeOver(ObjectNode context, String field, JsonNode target) {
    if (target.has(field)) {
      context.set(field, target.get(field));
    } else {
      context.remove(field);
    }
  }

  private static void removeIf(ObjectNode context, String field, boolean condition) {
    if (condition) {
      context.remove(field);
    }
  }

  private static void keepUnlike(
      ObjectNode context, JsonNode target, JsonNode pod, String field, String type) {
    boolean targets = effective(target, pod, field).path("type").asText().equals(type);
    removeIf(context, field, !targets && context.path(field).path("type").asText().equals(type));
  }

  /**
   * A context that a plugin or a resource spells out. The kubelet takes the pod's {@code
   * runAsNonRoot} where it does not say, and would not start it without a user that is not root: it
   * gets one, or, for a language that declares that it runs as root, says so to the kubelet as
   * well. One that wants both for itself stays as it is, and is for {@link Rights} to judge.
   */
  static ObjectNode spelledOut(ObjectNode context, JsonNode spec, Language language) {
    if (isUnstartable(context, spec.path("securityContext"))) {
      if (language.needs().contains(Need.ROOT) && !context.has("runAsNonRoot")) {
        context.put("runAsNonRoot", false);
      } else if (!context.path("runAsUser").isNumber()) {
        context.put("runAsUser", NOBODY);
      }
    }
    return context;
  }
}
