package io.otelgraft.core.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.resource.Instrumentation;

/** The security context of the containers that deliver agents. */
final class SecurityContexts {
  /** The user {@code nobody} of most images; any number but 0 serves to copy readable files. */
  private static final int NOBODY = 65534;

  private SecurityContexts() {}

  /**
   * The resource's context, else the target's own, so that what is added may do no more than what
   * is there. An image without a numeric user cannot run under {@code runAsNonRoot}, so it gets
   * one.
   *
   * @return an empty object if none is needed
   */
  static ObjectNode forDelivery(JsonNode spec, ObjectNode target, Instrumentation instrumentation) {
    ObjectNode context = JsonNodeFactory.instance.objectNode();
    JsonNode given =
        instrumentation
            .initContainerSecurityContext()
            .<JsonNode>map(node -> node)
            .orElse(target.path("securityContext"));
    if (given instanceof ObjectNode object) {
      context.setAll(object);
    }
    JsonNode pod = spec.path("securityContext");
    boolean nonRoot =
        context.has("runAsNonRoot")
            ? context.path("runAsNonRoot").asBoolean()
            : pod.path("runAsNonRoot").asBoolean(false);
    if (nonRoot && !context.path("runAsUser").isNumber() && !pod.path("runAsUser").isNumber()) {
      context.put("runAsUser", NOBODY);
    }
    return context;
  }

  /**
   * A context that a plugin or a resource spells out. One that runs as root says so to the kubelet
   * as well, which otherwise takes the pod's {@code runAsNonRoot} and never starts the container.
   */
  static ObjectNode spelledOut(ObjectNode context, JsonNode spec) {
    boolean root = context.path("runAsUser").isNumber() && context.path("runAsUser").asLong() == 0;
    return root
            && !context.has("runAsNonRoot")
            && spec.path("securityContext").path("runAsNonRoot").asBoolean(false)
        ? context.put("runAsNonRoot", false)
        : context;
  }
}
