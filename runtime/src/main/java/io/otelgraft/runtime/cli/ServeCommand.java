package io.otelgraft.runtime.cli;

import io.otelgraft.core.admission.Admission;
import io.otelgraft.core.admission.Reviewer;
import io.otelgraft.core.plugin.Deadline;
import io.otelgraft.core.plugin.Plugins;
import io.otelgraft.runtime.page.Decisions;
import io.otelgraft.runtime.page.Inventory;
import io.otelgraft.runtime.page.WebPage;
import io.otelgraft.runtime.server.Management;
import io.otelgraft.runtime.server.Server;
import io.otelgraft.runtime.server.Webhook;
import io.otelgraft.runtime.settings.EffectiveSettings;
import io.otelgraft.runtime.settings.ServerSettings;
import io.otelgraft.runtime.settings.SettingsReader;
import io.otelgraft.runtime.telemetry.CertificateHealth;
import io.otelgraft.runtime.telemetry.DecisionHealth;
import io.otelgraft.runtime.telemetry.Logging;
import io.otelgraft.runtime.telemetry.PluginHealth;
import io.otelgraft.runtime.telemetry.ResourceHealth;
import io.otelgraft.runtime.telemetry.State;
import io.otelgraft.runtime.telemetry.Telemetry;
import io.otelgraft.runtime.telemetry.Validity;
import io.otelgraft.runtime.tls.ServingTls;
import io.otelgraft.runtime.tls.UnusableCertificate;
import io.otelgraft.runtime.watch.FileWatch;
import io.otelgraft.runtime.watch.WatchedPlugins;
import io.otelgraft.runtime.watch.WatchedResources;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code graft serve}: answers an API server's reviews over HTTPS until it is told to stop. */
final class ServeCommand implements Command {

  private static final System.Logger LOG = System.getLogger("io.otelgraft");

  /** For the launcher, which has the JVM record what serving takes. */
  private static final String REHEARSE = "--rehearse";

  @Override
  public CommandSpec declare() {
    return Options.of(
            this,
            "serve",
            "Answers the reviews of an API server over HTTPS, as an admission webhook.",
            "The Instrumentations and Namespaces come from --resources.")
        .served()
        .settings()
        .plugins()
        .hidden(REHEARSE)
        .examples(
            "graft serve --resources cluster/",
            "graft serve --resources cluster/ --set server.port=8443 --set log.format=json");
  }

  @Override
  public int run(ParseResult given, Surroundings surroundings) {
    EffectiveSettings effective =
        SettingsReader.read(
            Options.settings(given), surroundings.environment(), Options.set(given));
    ServerSettings settings = effective.server();
    Logging.configure(settings.log(), surroundings.err());
    Path folder = Options.plugins(given, surroundings);
    try (FileWatch watch = FileWatch.start();
        Plugins plugins = Plugins.open(folder);
        ServingTls tls = ServingTls.follow(watch, settings.tls())) {
      WatchedResources resources =
          WatchedResources.follow(
              watch,
              existing(Options.resources(given)),
              Options.namespace(given),
              effective.settings(),
              plugins::current);
      // Read before the first request needs them.
      WatchedPlugins.follow(watch, folder, plugins, resources::at);
      Deadline deadline = new Deadline(settings.bounds().concurrency());
      Admission admission =
          new Admission(plugins::current, resources, effective.settings(), deadline);
      State state =
          new State(
              plugins::current,
              () -> resources.all(plugins.current()),
              () -> Validity.of(tls.certificate()),
              deadline::runaways);
      Telemetry telemetry = telemetry(state, settings, surroundings);
      Decisions decisions = new Decisions();
      Server server =
          Server.start(
              settings,
              tls.tls(),
              List.of(
                  new Webhook(Webhook.PODS, Reviewer.ofPods(admission)),
                  new Webhook(
                      Webhook.INSTRUMENTATION_DEFAULTS, Reviewer.ofInstrumentationDefaults()),
                  new Webhook(
                      Webhook.INSTRUMENTATIONS,
                      Reviewer.ofInstrumentations(plugins::current, effective.settings())),
                  new Webhook(Webhook.WORKLOADS, Reviewer.ofWorkloads(admission))),
              settings.page().isPresent() ? List.of(telemetry, decisions) : List.of(telemetry),
              new Management(
                  List.of(
                      new PluginHealth(state.catalogue()),
                      new ResourceHealth(state.instrumentations(), resources::unreadable),
                      new CertificateHealth(state.certificate(), tls::refused)),
                  List.of(new DecisionHealth(deadline)),
                  telemetry.metrics()::scrape),
              new WebPage(
                  decisions,
                  new Inventory(
                      state.catalogue(), state.instrumentations(), resources::unreadable)));
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
      CompletableFuture<StopSignal> stop = StopSignal.first();
      LOG.log(System.Logger.Level.INFO, "ready");
      if (Options.has(given, REHEARSE)) {
        new Rehearsal(server)
            .run(
                Manifests.documents(
                    new Manifests(surroundings.in()).read(Options.resources(given))),
                Options.namespace(given));
        stop.complete(StopSignal.INT);
      }
      stop(server, stop.join(), settings.bounds().drainDelay());
      telemetry.close();
    } catch (BindException | UnusableCertificate e) {
      throw new CommandFailure(e.getMessage());
    }
    return ExitCode.OK;
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

  /** What is not there at the start was probably misspelled; later it may go and come back. */
  private static List<Path> existing(List<String> names) {
    List<Path> paths = names.stream().map(Path::of).toList();
    for (Path path : paths) {
      if (!Files.exists(path)) {
        throw new CommandFailure(path + ": there is no such file or folder");
      }
    }
    return paths;
  }

  /** Lets what began end. */
  private static void stop(Server server, StopSignal signal, Duration drainDelay) {
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
}
