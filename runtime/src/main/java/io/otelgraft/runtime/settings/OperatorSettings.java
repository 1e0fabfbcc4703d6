package io.otelgraft.runtime.settings;

import io.otelgraft.core.resource.Setting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How an operator configured {@code graft operate} beside {@link ServerSettings}. Immutable. {@link
 * #keys()} lists the same things by their names in files, environment and flags.
 *
 * @param kubeconfig how to reach the API server; empty for that of the cluster around this process
 * @param namespace where Graft's own objects are; empty for that of this process
 * @param service the Service through which API servers reach the webhooks
 * @param certificateSecret the Secret with the certificates that Graft issues
 * @param webhooks the names of the webhook configurations whose {@code caBundle} is Graft's
 * @param lease the Lease by which one replica leads
 * @param staleAfter how long a cut from the API server is not told
 * @param definition whether the definition of the custom resource is applied
 * @param status whether the status of Instrumentations is written
 * @param events whether events tell of decisions
 * @param nodes whether the nodes are looked at, for what their software can do
 * @param owners whether the owners of pods' owners are looked up, where names do not tell them
 */
public record OperatorSettings(
    Optional<Path> kubeconfig,
    Optional<String> namespace,
    String service,
    String certificateSecret,
    List<String> webhooks,
    String lease,
    Duration staleAfter,
    boolean definition,
    boolean status,
    boolean events,
    boolean nodes,
    boolean owners) {

  public OperatorSettings {
    webhooks = List.copyOf(webhooks);
  }

  private static final List<Setting<Builder>> KEYS =
      List.of(
          Setting.text(
              "cluster.kubeconfig",
              "File that says how to reach the API server",
              "the service account of the pod",
              (builder, value) -> builder.kubeconfig = Path.of(value)),
          Setting.text(
              "operator.namespace",
              "Namespace of Graft's own objects",
              "that of the pod, else opentelemetry-operator-system",
              (builder, value) -> builder.namespace = value),
          Setting.text(
              "operator.service",
              "Service through which API servers reach the webhooks",
              "opentelemetry-operator-webhook",
              (builder, value) -> builder.service = value),
          Setting.text(
              "operator.certificate-secret",
              "Secret for the certificates that Graft issues, unless server.tls.certificate is set",
              "opentelemetry-operator-webhook-cert",
              (builder, value) -> builder.certificateSecret = value),
          Setting.list(
              "operator.webhooks",
              "Webhook configurations whose caBundle Graft keeps as it has to be",
              "opentelemetry-operator-mutation, opentelemetry-operator-validation",
              (builder, value) -> builder.webhooks = value),
          Setting.text(
              "operator.lease",
              "Lease by which one of the replicas leads",
              "opentelemetry-operator",
              (builder, value) -> builder.lease = value),
          Setting.duration(
              "operator.stale-after",
              "How long the API server may tell nothing until that shows in /readyz",
              "60s",
              (builder, value) -> builder.staleAfter = value),
          Setting.flag(
              "operator.definition",
              "Whether the definition of Instrumentation, made from the plugins, is applied",
              "true",
              (builder, value) -> builder.definition = value),
          Setting.flag(
              "operator.status",
              "Whether the status of Instrumentations is written",
              "true",
              (builder, value) -> builder.status = value),
          Setting.flag(
              "operator.events",
              "Whether events on workloads tell what was injected, rejected or left out",
              "true",
              (builder, value) -> builder.events = value),
          Setting.flag(
              "operator.nodes",
              "Whether the nodes are looked at, to know whether agents can be mounted from images",
              "true",
              (builder, value) -> builder.nodes = value),
          Setting.flag(
              "operator.owners",
              "Whether the cluster is asked who controls a ReplicaSet or Job where its name does not"
                  + " tell, or UIDs are wanted",
              "true",
              (builder, value) -> builder.owners = value));

  /** Starts with nothing set. */
  public static Builder builder() {
    return new Builder();
  }

  /** All settings by name, in the order of the documentation. */
  public static List<Setting<Builder>> keys() {
    return KEYS;
  }

  /** Collects settings, by {@link #keys()}. Not thread-safe. */
  public static final class Builder {
    private Path kubeconfig;
    private String namespace;
    private String service = "opentelemetry-operator-webhook";
    private String certificateSecret = "opentelemetry-operator-webhook-cert";
    private List<String> webhooks =
        List.of("opentelemetry-operator-mutation", "opentelemetry-operator-validation");
    private String lease = "opentelemetry-operator";
    private Duration staleAfter = Duration.ofMinutes(1);
    private boolean definition = true;
    private boolean status = true;
    private boolean events = true;
    private boolean nodes = true;
    private boolean owners = true;

    private Builder() {}

    /** The settings, with the defaults where nothing was set. */
    public OperatorSettings build() {
      return new OperatorSettings(
          Optional.ofNullable(kubeconfig),
          Optional.ofNullable(namespace),
          service,
          certificateSecret,
          webhooks,
          lease,
          staleAfter,
          definition,
          status,
          events,
          nodes,
          owners);
    }
  }
}
