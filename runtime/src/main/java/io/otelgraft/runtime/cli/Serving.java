package io.otelgraft.runtime.cli;

import io.otelgraft.core.admission.Admission;
import io.otelgraft.core.admission.Reviewer;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.plugin.Deadline;
import io.otelgraft.core.plugin.Plugins;
import io.otelgraft.core.resource.ResourceSource;
import io.otelgraft.core.resource.Resources.Lookup;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.runtime.page.Decisions;
import io.otelgraft.runtime.page.Inventory;
import io.otelgraft.runtime.page.WebPage;
import io.otelgraft.runtime.server.AnswerListener;
import io.otelgraft.runtime.server.HealthCheck;
import io.otelgraft.runtime.server.Management;
import io.otelgraft.runtime.server.Server;
import io.otelgraft.runtime.server.Webhook;
import io.otelgraft.runtime.settings.ServerSettings;
import io.otelgraft.runtime.telemetry.CertificateHealth;
import io.otelgraft.runtime.telemetry.DecisionHealth;
import io.otelgraft.runtime.telemetry.PluginHealth;
import io.otelgraft.runtime.telemetry.ResourceHealth;
import io.otelgraft.runtime.telemetry.State;
import io.otelgraft.runtime.telemetry.State.InCluster;
import io.otelgraft.runtime.telemetry.Telemetry;
import io.otelgraft.runtime.telemetry.Validity;
import io.otelgraft.runtime.tls.ServingTls;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The server with all that it answers, shows and tells, wherever its resources come from: what
 * {@code graft serve} and {@code graft operate} have in common.
 */
final class Serving implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger("io.otelgraft");

  private final ServerSettings settings;
  private final Server server;
  private final Telemetry telemetry;

  /**
   * Where the resources come from.
   *
   * @param source for decisions
   * @param all all Instrumentations by {@code namespace/name}
   * @param unreadable what cannot be read, a line each
   */
  record Known(
      ResourceSource source,
      Function<Catalogue, Map<String, Lookup>> all,
      Supplier<List<String>> unreadable) {}

  /**
   * What goes on beside.
   *
   * @param health what has to be well for reviews to be sent here
   * @param listeners who is to be told of answers
   * @param cluster what this is in a cluster; empty outside of any
   */
  record Beside(
      List<HealthCheck> health, List<AnswerListener> listeners, Optional<InCluster> cluster) {
    static final Beside NOTHING = new Beside(List.of(), List.of(), Optional.empty());
  }

  private Serving(ServerSettings settings, Server server, Telemetry telemetry) {
    this.settings = settings;
    this.server = server;
    this.telemetry = telemetry;
  }

  /** The plugins in a folder; a failure says what to do about it. */
  static Plugins opened(Path folder) {
    try {
      return Plugins.open(folder);
    } catch (UncheckedIOException e) {
      throw new CommandFailure(
          "%s: %s cannot be written to; in a container, mount an empty folder there"
              .formatted(e.getMessage(), System.getProperty("java.io.tmpdir")));
    }
  }

  /** Answers from now on. */
  static Serving start(
      ServerSettings settings,
      Supplier<Settings> decisions,
      Supplier<Catalogue> catalogue,
      ServingTls tls,
      Known known,
      Beside beside,
      Surroundings surroundings)
      throws BindException {
    Deadline deadline = new Deadline(settings.bounds().concurrency());
    Admission admission = new Admission(catalogue, known.source, decisions, deadline);
    State state =
        new State(
            catalogue,
            () -> known.all.apply(catalogue.get()),
            () -> Validity.of(tls.certificate()),
            deadline::runaways,
            beside.cluster);
    Telemetry telemetry = telemetry(state, settings, surroundings);
    Decisions latest = new Decisions();
    List<AnswerListener> listeners = new ArrayList<>(List.of(telemetry));
    if (settings.page().isPresent()) {
      listeners.add(latest);
    }
    listeners.addAll(beside.listeners);
    List<HealthCheck> readiness =
        new ArrayList<>(
            List.of(
                new PluginHealth(catalogue),
                new ResourceHealth(state.instrumentations(), known.unreadable),
                new CertificateHealth(state.certificate(), tls::refused)));
    readiness.addAll(beside.health);
    Server server =
        Server.start(
            settings,
            tls.tls(),
            List.of(
                new Webhook(Webhook.PODS, Reviewer.ofPods(admission)),
                new Webhook(Webhook.INSTRUMENTATION_DEFAULTS, Reviewer.ofInstrumentationDefaults()),
                new Webhook(
                    Webhook.INSTRUMENTATIONS, Reviewer.ofInstrumentations(catalogue, decisions)),
                new Webhook(Webhook.WORKLOADS, Reviewer.ofWorkloads(admission))),
            listeners,
            new Management(
                readiness, List.of(new DecisionHealth(deadline)), telemetry.metrics()::scrape),
            new WebPage(
                latest, new Inventory(catalogue, state.instrumentations(), known.unreadable)));
    LOG.log(
        System.Logger.Level.INFO,
        "webhooks on https://{0}:{1,number,#}, health on http://{2}:{3,number,#}",
        settings.webhook().address(),
        server.port(),
        settings.management().address(),
        server.managementPort());
    settings
        .page()
        .ifPresent(page ->
            LOG.log(
                System.Logger.Level.INFO,
                "web page on http://{0}:{1,number,#}",
                page.address(),
                server.pagePort()));
    return new Serving(settings, server, telemetry);
  }

  private static Telemetry telemetry(
      State state, ServerSettings settings, Surroundings surroundings) {
    try {
      return Telemetry.start(
          Graft.version(), state, settings.telemetryEndpoint(), surroundings.environment());
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(e.getMessage());
    }
  }

  /** What answers. */
  Server server() {
    return server;
  }

  /** Waits until this process is told to stop, and lets what began end. */
  void untilStopped(CompletableFuture<StopSignal> stop) {
    StopSignal signal = stop.join();
    Duration drainDelay = settings.bounds().drainDelay();
    LOG.log(
        System.Logger.Level.INFO, "stopping on SIG{0}; a second signal ends this at once", signal);
    if (signal == StopSignal.TERM) {
      // Not for somebody at a terminal: there the clients are nobody's but his own.
      server.drain();
      LockSupport.parkNanos(drainDelay.toNanos());
    }
    server.close();
    LOG.log(System.Logger.Level.INFO, "stopped");
  }

  /** Tells what has not been told yet. */
  @Override
  public void close() {
    telemetry.close();
  }
}
