package io.otelgraft.runtime.cli;

import io.otelgraft.cluster.RequestFailure;
import io.otelgraft.core.document.Document;
import io.otelgraft.core.plugin.Plugins;
import io.otelgraft.core.resource.ClusterFacts;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.runtime.control.ClusterResources;
import io.otelgraft.runtime.control.Operator;
import io.otelgraft.runtime.server.Server;
import io.otelgraft.runtime.settings.EffectiveSettings;
import io.otelgraft.runtime.settings.ServerSettings;
import io.otelgraft.runtime.settings.SettingsReader;
import io.otelgraft.runtime.telemetry.Logging;
import io.otelgraft.runtime.telemetry.State.InCluster;
import io.otelgraft.runtime.tls.IssuedCertificates;
import io.otelgraft.runtime.tls.ServingTls;
import io.otelgraft.runtime.tls.UnusableCertificate;
import io.otelgraft.runtime.watch.FileWatch;
import io.otelgraft.runtime.watch.WatchedPlugins;
import java.net.BindException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import picocli.CommandLine.ParseResult;

/**
 * What {@link OperateCommand} does. A class of its own, as the JVM looks for the client of the
 * cluster when it verifies it, which is on the module path of this command only.
 */
final class Operation {

  private static final System.Logger LOG = System.getLogger("io.otelgraft");

  private Operation() {}

  static int run(ParseResult given, Surroundings surroundings) {
    return run(given, Options.set(given), surroundings, (_, _) -> {});
  }

  /** With these manifests, in a cluster that {@link RehearsedCluster stands in} for one. */
  static int rehearse(ParseResult given, String manifests, Surroundings surroundings) {
    List<Document> documents =
        Manifests.documents(new Manifests(surroundings.in()).read(List.of(manifests)));
    try (RehearsedCluster cluster = new RehearsedCluster(documents)) {
      List<String> set = new ArrayList<>(Options.set(given));
      set.add(cluster.setting());
      return run(
          given,
          set,
          surroundings,
          (server, stop) -> {
            new Rehearsal(server).run(documents, "default");
            stop.complete(StopSignal.INT);
          });
    }
  }

  private static int run(
      ParseResult given,
      List<String> set,
      Surroundings surroundings,
      BiConsumer<Server, CompletableFuture<StopSignal>> begun) {
    EffectiveSettings effective =
        SettingsReader.read(Options.settings(given), surroundings.environment(), set);
    ServerSettings settings = effective.server();
    Logging.configure(settings.log(), surroundings.err());
    Path folder = Options.plugins(given, surroundings);
    try (FileWatch watch = FileWatch.start();
        Plugins plugins = Serving.opened(folder);
        Operator operator =
            Operator.start(
                effective.operator(),
                effective.settings(),
                settings.tls().pair().isEmpty(),
                plugins::current);
        ServingTls tls = tls(watch, settings, operator.certificates())) {
      LOG.log(System.Logger.Level.INFO, "cluster at " + operator.address());
      ClusterResources resources = operator.resources();
      WatchedPlugins.follow(watch, folder, plugins, resources::at);
      Supplier<Settings> decisions = in(effective.settings(), operator::facts);
      operator.takeOn(tls::serve, decisions);
      try (Serving serving =
          Serving.start(
              settings,
              decisions,
              plugins::current,
              tls,
              new Serving.Known(resources, resources::all, List::of),
              new Serving.Beside(
                  operator.health(), operator.listeners(), Optional.of(state(operator))),
              surroundings)) {
        CompletableFuture<StopSignal> stop = StopSignal.first();
        begun.accept(serving.server(), stop);
        serving.untilStopped(stop);
      }
    } catch (BindException | UnusableCertificate | RequestFailure e) {
      throw new CommandFailure(e.getMessage());
    }
    return ExitCode.OK;
  }

  private static InCluster state(Operator operator) {
    return new InCluster(operator::staleness, operator::leads, operator::failingDuties);
  }

  private static ServingTls tls(
      FileWatch watch, ServerSettings settings, Optional<IssuedCertificates> issued)
      throws UnusableCertificate {
    return issued.isPresent()
        ? ServingTls.of(watch, settings.tls(), issued.get())
        : ServingTls.follow(watch, settings.tls());
  }

  /**
   * The settings with what is known of the cluster, unless somebody set that; made anew only when
   * it changes.
   */
  private static Supplier<Settings> in(Settings settings, Supplier<ClusterFacts> known) {
    if (!settings.cluster().equals(ClusterFacts.UNKNOWN)) {
      return () -> settings;
    }
    return new Supplier<>() {
      private ClusterFacts facts = ClusterFacts.UNKNOWN;
      private Settings inFacts = settings;

      @Override
      public synchronized Settings get() {
        ClusterFacts now = known.get();
        if (!now.equals(facts)) {
          facts = now;
          inFacts = settings.in(now);
        }
        return inFacts;
      }
    };
  }
}
