package io.otelgraft.core.injection;

import io.otelgraft.core.injection.Owner.Kind;
import io.otelgraft.core.resource.Instrumentation;
import io.otelgraft.core.resource.Instrumentation.Action;
import io.otelgraft.core.resource.Instrumentation.Attribute;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.core.resource.Settings.Convention;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The name of a service. The first that there is:
 *
 * <ol>
 *   <li>{@code OTEL_SERVICE_NAME} of the pod
 *   <li>{@code service.name} in {@code OTEL_RESOURCE_ATTRIBUTES} of the pod
 *   <li>the pod's annotation {@code resource.opentelemetry.io/service.name}; under {@code
 *       service-name-rule: operator} after the next
 *   <li>either variable in the env of the resource
 *   <li>{@code service.name} in the resource's {@code resourceAttributes}
 *   <li>{@code OTEL_SERVICE_NAME} in the configured env
 *   <li>if the resource uses labels, the pod's labels {@code app.kubernetes.io/instance}, {@code
 *       app.kubernetes.io/name}
 *   <li>the same attribute with {@code action: insert}
 *   <li>under {@code service-name-rule: specification}, the pod's label {@code app}
 *   <li>the name of what made the pod: Deployment, Argo's Rollout and OpenShift's DeploymentConfig
 *       (under the specification's rule), ReplicaSet, ReplicationController (likewise),
 *       StatefulSet, DaemonSet, CronJob, Job
 *   <li>the pod's name, the container's name
 * </ol>
 *
 * <p>Attributes that the user gives for owners or pod do not change the name.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/non-normative/k8s-attributes/">How
 *     service attributes are to be calculated</a>
 */
final class ServiceName {
  static final String KEY = "service.name";
  static final String VARIABLE = "OTEL_SERVICE_NAME";
  static final String ANNOTATION = Annotations.RESOURCE_ATTRIBUTE + KEY;

  private static final List<Kind> KINDS = List.of(Kind.values());

  private static final List<Kind> OPERATOR_KINDS =
      List.of(
          Kind.DEPLOYMENT,
          Kind.REPLICA_SET,
          Kind.STATEFUL_SET,
          Kind.DAEMON_SET,
          Kind.CRON_JOB,
          Kind.JOB);

  private ServiceName() {}

  /** What the pod's annotation says. */
  static Optional<Sourced> annotated(PodFacts pod) {
    return text(pod.annotations(), ANNOTATION)
        .map(name -> new Sourced(name, "annotation " + ANNOTATION + " of the pod"));
  }

  /** What the resource's attribute says. */
  static Optional<Sourced> attribute(Instrumentation instrumentation, PodVariables variables) {
    return attribute(instrumentation, variables, false);
  }

  private static Optional<Sourced> attribute(
      Instrumentation instrumentation, PodVariables variables, boolean insert) {
    for (Attribute attribute : instrumentation.attributes()) {
      boolean asked =
          switch (attribute.action()) {
            case INSERT -> insert;
            case UPDATE, UPSERT -> !insert;
            case DELETE -> false;
          };
      if (asked && attribute.key().equals(KEY)) {
        String source = ResourceAttributes.field(instrumentation);
        return variables
            .resolve(attribute.value(), KEY + " in " + source)
            .filter(name -> !name.isEmpty())
            .map(name -> new Sourced(name, source));
      }
    }
    return Optional.empty();
  }

  /** What is made of the pod's labels and its surroundings; empty if the resource deletes it. */
  static Optional<Sourced> derived(
      PodFacts pod,
      ContainerFacts container,
      Instrumentation instrumentation,
      Settings settings,
      PodVariables variables) {
    for (Attribute attribute : instrumentation.attributes()) {
      if (attribute.action() == Action.DELETE && attribute.key().equals(KEY)) {
        return Optional.empty();
      }
    }
    boolean specification = settings.serviceNameRule() == Convention.SPECIFICATION;
    return (instrumentation.useLabelsForResourceAttributes()
            ? label(pod, "app.kubernetes.io/instance")
                .or(() -> label(pod, "app.kubernetes.io/name"))
            : Optional.<Sourced>empty())
        .or(() -> attribute(instrumentation, variables, true))
        .or(() -> specification ? label(pod, "app") : Optional.empty())
        .or(() -> owner(pod, specification ? KINDS : OPERATOR_KINDS))
        .or(() -> pod.name().map(name -> new Sourced(name, "name of the pod")))
        .or(() -> Optional.of(new Sourced(container.name(), "name of the container")));
  }

  private static Optional<Sourced> label(PodFacts pod, String key) {
    return text(pod.labels(), key).map(name -> new Sourced(name, "label " + key + " of the pod"));
  }

  private static Optional<Sourced> owner(PodFacts pod, List<Kind> kinds) {
    for (Kind kind : kinds) {
      Optional<String> name = pod.owner(kind);
      if (name.isPresent()) {
        return Optional.of(new Sourced(name.get(), "name of the pod's " + kind.word()));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> text(Map<String, String> entries, String key) {
    String text = entries.get(key);
    return text == null || text.isEmpty() ? Optional.empty() : Optional.of(text);
  }
}
