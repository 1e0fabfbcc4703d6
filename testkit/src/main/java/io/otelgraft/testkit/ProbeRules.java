package io.otelgraft.testkit;

import java.util.List;

/** {@code pkg/apis/core/validation}: probes, lifecycle hooks, and the handlers that both use. */
final class ProbeRules {
  private static final List<String> PROBE_HANDLERS =
      List.of("exec", "httpGet", "tcpSocket", "grpc");
  private static final List<String> LIFECYCLE_HANDLERS =
      List.of("exec", "httpGet", "tcpSocket", "sleep");
  private static final List<String> SCHEMES = List.of("HTTP", "HTTPS");
  private static final List<String> PROBES =
      List.of("livenessProbe", "readinessProbe", "startupProbe");

  private ProbeRules() {}

  /** For containers, and for init containers that keep running beside them. */
  static void allowed(Field container, PodFacts facts) {
    if (hasLifecycle(container)) {
      for (String hook : List.of("postStart", "preStop")) {
        Field handler = container.child("lifecycle").child(hook);
        if (handler.isSet()) {
          handler(handler, LIFECYCLE_HANDLERS, facts);
        }
      }
    }
    for (String name : PROBES) {
      Field probe = container.child(name);
      if (probe.isSet()) {
        probe(probe, facts);
        if (name.equals("readinessProbe")) {
          if (probe.has("terminationGracePeriodSeconds")) {
            probe
                .child("terminationGracePeriodSeconds")
                .invalid("must not be set for readinessProbes");
          }
        } else if (probe.number("successThreshold") != 0 && probe.number("successThreshold") != 1) {
          probe.child("successThreshold").invalid("must be 1");
        }
      }
    }
  }

  /** For init containers that run to completion. */
  static void forbidden(Field container) {
    String detail = "may not be set for init containers without restartPolicy=Always";
    if (hasLifecycle(container)) {
      container.child("lifecycle").forbidden(detail);
    }
    PROBES.forEach(probe -> container.forbidIfSet(probe, detail));
  }

  /** A lifecycle with nothing but a stop signal is dropped: the feature is off by default. */
  private static boolean hasLifecycle(Field container) {
    Field lifecycle = container.child("lifecycle");
    return lifecycle.isSet()
        && (!lifecycle.has("stopSignal") || lifecycle.has("postStart") || lifecycle.has("preStop"));
  }

  private static void probe(Field probe, PodFacts facts) {
    handler(probe, PROBE_HANDLERS, facts);
    for (String field :
        List.of(
            "initialDelaySeconds",
            "timeoutSeconds",
            "periodSeconds",
            "successThreshold",
            "failureThreshold")) {
      MetadataRules.nonNegative(probe.child(field));
    }
    Field gracePeriod = probe.child("terminationGracePeriodSeconds");
    if (gracePeriod.isSet() && gracePeriod.number() <= 0) {
      gracePeriod.invalid("must be greater than 0");
    }
  }

  /** {@code validateHandler}: exactly one, and only the first of several is looked into. */
  private static void handler(Field handler, List<String> kinds, PodFacts facts) {
    boolean found = false;
    for (String kind : kinds) {
      Field action = handler.child(kind);
      if (!action.isSet()) {
        continue;
      }
      if (found) {
        action.forbidden("may not specify more than 1 handler type");
        continue;
      }
      found = true;
      switch (kind) {
        case "exec" -> {
          if (action.child("command").isEmpty()) {
            action.child("command").required("");
          }
        }
        case "httpGet" -> {
          port(action.child("port"));
          action.child("scheme").requireOneOf(action.text("scheme", "HTTP"), SCHEMES);
          for (Field header : action.items("httpHeaders")) {
            header
                .child("name")
                .invalid(header.text("name"), Formats.headerName(header.text("name")));
          }
        }
        case "sleep" -> {
          long seconds = action.number("seconds");
          if (seconds < 0 || seconds > facts.gracePeriod()) {
            action.invalid(
                "must be non-negative and less than terminationGracePeriodSeconds ("
                    + facts.gracePeriod()
                    + ")");
          }
        }
        default -> port(action.child("port"));
      }
    }
    if (!found) {
      handler.required("must specify a handler type");
    }
  }

  /** {@code ValidatePortNumOrName}. */
  private static void port(Field port) {
    if (port.value().isTextual()) {
      port.invalid(Formats.portName(port.text()));
    } else {
      port.invalid(Formats.portNumber(port.number()));
    }
  }
}
