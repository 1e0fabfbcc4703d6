package io.otelgraft.runtime.control;

import io.otelgraft.cluster.ApiServer;
import io.otelgraft.cluster.Leadership;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.resource.ClusterFacts;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.runtime.server.AnswerListener;
import io.otelgraft.runtime.server.HealthCheck;
import io.otelgraft.runtime.settings.OperatorSettings;
import io.otelgraft.runtime.tls.IssuedCertificates;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a Graft does that runs in a cluster: it knows the cluster's resources, shares certificates
 * with the other replicas, and looks after what has to be so in the cluster; most of that as the
 * leader.
 */
public final class Operator implements AutoCloseable {

  /** The namespace of Graft's objects where nobody says one. */
  private static final String NAMESPACE = "opentelemetry-operator-system";

  private final ApiServer server;
  private final OperatorSettings settings;
  private final String namespace;
  private final ClusterResources resources;
  private final Optional<Certificates> certificates;
  private final Optional<WebhookTrust> trust;
  private final Optional<Nodes> nodes;
  private final Optional<Events> events;
  private final String identity;
  private final Supplier<Catalogue> catalogue;
  private Leadership leadership;
  private Duties duties;

  private Operator(
      ApiServer server,
      OperatorSettings settings,
      Settings decisions,
      boolean issuesCertificates,
      Supplier<Catalogue> catalogue) {
    this.server = server;
    this.settings = settings;
    this.catalogue = catalogue;
    this.namespace = settings.namespace().or(ApiServer::namespace).orElse(NAMESPACE);
    this.identity =
        Optional.ofNullable(System.getenv("HOSTNAME")).orElse("graft") + "_" + UUID.randomUUID();
    this.resources =
        ClusterResources.follow(
            server,
            decisions,
            settings.owners() ? Optional.of(OwnerLook.at(server)) : Optional.empty());
    this.nodes = settings.nodes() ? Optional.of(new Nodes(server)) : Optional.empty();
    this.events = settings.events() ? Optional.of(Events.to(server, identity)) : Optional.empty();
    this.certificates =
        issuesCertificates
            ? Optional.of(
                new Certificates(server, namespace, settings.certificateSecret(), names(namespace)))
            : Optional.empty();
    this.trust =
        certificates.map(shared ->
            new WebhookTrust(
                server, settings.webhooks(), namespace, settings.service(), shared::current));
  }

  /**
   * Begins to read what there is. The certificates are there when this returns.
   *
   * @param decisions the settings by which resources are read
   * @param issuesCertificates whether no files name the certificate to serve
   * @throws io.otelgraft.cluster.RequestFailure if the API server cannot be reached, or does not
   *     let Graft keep its certificates
   */
  public static Operator start(
      OperatorSettings settings,
      Settings decisions,
      boolean issuesCertificates,
      Supplier<Catalogue> catalogue) {
    ApiServer server = ApiServer.connect(settings.kubeconfig());
    Operator operator = new Operator(server, settings, decisions, issuesCertificates, catalogue);
    operator.certificates.ifPresent(certificates -> certificates.fulfil(false));
    return operator;
  }

  /** The names by which API servers know the webhooks. */
  private List<String> names(String of) {
    String service = settings.service();
    return List.of(
        service + "." + of + ".svc", service + "." + of + ".svc.cluster.local", service + "." + of);
  }

  /** The cluster's resources. */
  public ClusterResources resources() {
    return resources;
  }

  /** Where the cluster is, for people. */
  public String address() {
    return server.address();
  }

  /** The certificates that the replicas share; empty if files name the one to serve. */
  public Optional<IssuedCertificates> certificates() {
    return certificates.map(Certificates::current);
  }

  /** What is known of the cluster's software at the moment. */
  public ClusterFacts facts() {
    return nodes.map(Nodes::facts).orElse(ClusterFacts.UNKNOWN);
  }

  /** Who is to be told of answers. */
  public List<AnswerListener> listeners() {
    return events.<List<AnswerListener>>map(List::of).orElse(List.of());
  }

  /**
   * Takes on the duties of a replica, and those of the leader when it is its turn.
   *
   * @param serve is given certificates that come into force
   * @param inForce the settings by which pods are decided on at the moment
   */
  public void takeOn(Consumer<IssuedCertificates> serve, Supplier<Settings> inForce) {
    leadership = server.electLeader(namespace, settings.lease(), identity);
    List<Duty> all = new ArrayList<>();
    certificates.ifPresent(shared -> {
      shared.tell(serve);
      all.add(shared);
    });
    trust.ifPresent(all::add);
    nodes.ifPresent(all::add);
    if (settings.definition()) {
      all.add(new Definition(server, catalogue));
    }
    all.add(
        new AsDefined(() -> Definition.generation(server), resources::readInstrumentationsAnew));
    if (settings.status()) {
      all.add(
          new InstrumentationStatus(
              server, resources, catalogue, inForce, events, InstantSource.system()));
    }
    duties = Duties.begin(all, leadership::leads);
  }

  /** What has to be well, and what is only told. After {@link #takeOn}. */
  public List<HealthCheck> health() {
    List<HealthCheck> all = new ArrayList<>(List.of(cluster(), duties));
    trust.ifPresent(all::add);
    return all;
  }

  private ClusterHealth cluster() {
    return new ClusterHealth(resources.informers(), settings.staleAfter(), InstantSource.system());
  }

  /** For how long the API server has told nothing; zero while it tells. */
  public Duration staleness() {
    return cluster().staleness();
  }

  /** Whether this replica leads. After {@link #takeOn}. */
  public boolean leads() {
    return leadership.leads();
  }

  /** How many duties did not succeed the last time. After {@link #takeOn}. */
  public int failingDuties() {
    return duties.failing();
  }

  @Override
  public void close() {
    if (duties != null) {
      duties.close();
    }
    if (leadership != null) {
      leadership.close();
    }
    events.ifPresent(Events::close);
    resources.close();
    server.close();
  }
}
