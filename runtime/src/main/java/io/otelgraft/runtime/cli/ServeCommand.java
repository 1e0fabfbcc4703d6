package io.otelgraft.runtime.cli;

import io.otelgraft.core.plugin.Plugins;
import io.otelgraft.runtime.settings.EffectiveSettings;
import io.otelgraft.runtime.settings.ServerSettings;
import io.otelgraft.runtime.settings.SettingsReader;
import io.otelgraft.runtime.telemetry.Logging;
import io.otelgraft.runtime.tls.ServingTls;
import io.otelgraft.runtime.tls.UnusableCertificate;
import io.otelgraft.runtime.watch.FileWatch;
import io.otelgraft.runtime.watch.WatchedPlugins;
import io.otelgraft.runtime.watch.WatchedResources;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
        Plugins plugins = Serving.opened(folder);
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
      try (Serving serving =
          Serving.start(
              settings,
              effective::settings,
              plugins::current,
              tls,
              new Serving.Known(resources, resources::all, resources::unreadable),
              Serving.Beside.NOTHING,
              surroundings)) {
        CompletableFuture<StopSignal> stop = StopSignal.first();
        LOG.log(System.Logger.Level.INFO, "ready");
        if (Options.has(given, REHEARSE)) {
          new Rehearsal(serving.server())
              .run(
                  Manifests.documents(
                      new Manifests(surroundings.in()).read(Options.resources(given))),
                  Options.namespace(given));
          stop.complete(StopSignal.INT);
        }
        serving.untilStopped(stop);
      }
    } catch (BindException | UnusableCertificate e) {
      throw new CommandFailure(e.getMessage());
    }
    return ExitCode.OK;
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
}
