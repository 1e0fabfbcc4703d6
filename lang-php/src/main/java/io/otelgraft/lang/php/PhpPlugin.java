package io.otelgraft.lang.php;

import io.otelgraft.spi.Container;
import io.otelgraft.spi.Injection;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import io.otelgraft.spi.ListVariable;
import io.otelgraft.spi.ListVariable.EmptyItem;
import io.otelgraft.spi.Need;
import io.otelgraft.spi.Protocol;
import io.otelgraft.spi.Reason;
import io.otelgraft.spi.ResourceDefaults;
import io.otelgraft.spi.Setting;
import io.otelgraft.spi.Target;
import io.otelgraft.spi.Variable;
import io.otelgraft.spi.Verdict;
import io.otelgraft.spi.Volume;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * PHP: an extension in C, and packages in PHP that are run before the application. Both are named
 * by an ini file that PHP finds through {@code PHP_INI_SCAN_DIR}.
 */
public final class PhpPlugin implements LanguagePlugin {
  private static final ListVariable SCAN_DIR =
      ListVariable.of("PHP_INI_SCAN_DIR", ":", EmptyItem.COMPILED_IN_DEFAULT);

  private static final String DELIVER = "deliver";

  private static final Setting<String> PLATFORM =
      Setting.oneOf("platform", "glibc", "musl")
          .describe(
              "The C library of the images: glibc, or musl as in Alpine. Unless given, PHP finds"
                  + " out when it starts, by whether there is a directory "
                  + DeliveryScript.OF_GLIBC
                  + ".");

  private static final Setting<String> API =
      Setting.oneOf("apiVersion", PhpApi.dates())
          .describe(
              "The API of the images' PHP, from 20210902, which is PHP 8.1, to 20250925, which is"
                  + " PHP 8.5: the agent is copied for this one. Unless given, it is copied for all"
                  + " that its image has, and PHP takes its own.");

  private static final Setting<String> PLATFORM_OF_POD =
      Setting.oneOf("otel-php-platform", "glibc", "musl")
          .describe("The C library of the pod's images, in place of the resource's platform.");

  private static final Setting<String> API_OF_POD =
      Setting.oneOf("otel-php-api-version", PhpApi.dates())
          .describe("The API of the pod's PHP, in place of the resource's apiVersion.");

  private static final String AUTOLOAD = "OTEL_PHP_AUTOLOAD_ENABLED";

  private static final Reason ANOTHER_AGENT =
      Reason.of(
              "AnotherAgent",
              "PHP already loads OpenTelemetry's extension or that of another product; two tracers"
                  + " in one process observe the same functions.")
          .overridable();
  private static final Reason INI_FILES_IGNORED =
      Reason.of(
          "IniFilesIgnored",
          "The command runs PHP with an option by which it reads no ini files, so that no agent"
              + " can be attached.");
  private static final Reason OPEN_BASEDIR =
      Reason.of(
          "OpenBasedir",
          "The command confines PHP to directories among which the agent's is not: PHP would fail"
              + " to run what is to be run before the application, and end.");

  @Override
  public Language language() {
    return Language.named("php")
        .title("PHP")
        .documentation(URI.create("https://opentelemetry.io/docs/zero-code/php/"))
        .section("php", PLATFORM, API)
        .noDefaultImage(
            "/autoinstrumentation/API/LIBC/THREADS/opentelemetry.so and autoload.php for each PHP,"
                + " such as /autoinstrumentation/20230831/glibc/non-zts")
        .experimental()
        .resources(ResourceDefaults.of("50m", "64Mi", "500m", "256Mi"))
        .annotations(PLATFORM_OF_POD, API_OF_POD)
        .joins(SCAN_DIR)
        .sets(AUTOLOAD)
        // gRPC needs another extension in C.
        .protocols(Protocol.HTTP_PROTOBUF)
        .needs(Need.EXECUTABLE_AGENT)
        .operatorNames(Map.of(DELIVER, "opentelemetry-auto-instrumentation-php"))
        .reasons(ANOTHER_AGENT, INI_FILES_IGNORED, OPEN_BASEDIR)
        .otherAgents(Tracers.SIGNS)
        .order(70)
        .build();
  }

  @Override
  public void examine(Target target, Verdict verdict) {
    Optional<CommandLine> command = CommandLine.of(target);
    Optional<String> deaf = command.flatMap(CommandLine::deafOption);
    if (deaf.isPresent()) {
      verdict.standDown(INI_FILES_IGNORED, "command with " + deaf.get());
      return;
    }
    Optional<String> confinement = command.flatMap(CommandLine::confinement);
    if (confinement.isPresent()) {
      verdict.standDown(OPEN_BASEDIR, "command with " + confinement.get());
      return;
    }
    target
        .env()
        .get(SCAN_DIR.name())
        .flatMap(Variable::literal)
        .filter(Tracers::areNamedIn)
        .map(path -> SCAN_DIR.name() + "=" + path)
        .or(() -> command.flatMap(CommandLine::tracer).map(word -> "command with " + word))
        .ifPresent(found -> verdict.standDown(ANOTHER_AGENT, found));
  }

  @Override
  public void inject(Injection injection) {
    injection.because("deliver the agent");
    Volume agent = injection.agentVolume();
    Container deliver = injection.init(DELIVER);
    Target first = injection.targets().getFirst();
    String script =
        DeliveryScript.of(
            "/autoinstrumentation",
            agent.mountIn(deliver),
            given(first, API_OF_POD, API).map(date -> PhpApi.of(date).version()).orElse(""));
    List<String> words = new ArrayList<>(List.of(script, "--"));
    List<String> homes = new ArrayList<>(1);
    for (Target target : injection.targets()) {
      Container container = injection.edit(target);
      injection.because("have PHP load the agent");
      String home = agent.mountIn(container);
      if (!homes.contains(home)) {
        homes.add(home);
        words.add(ini(homes.size()));
        words.add(home);
      }
      for (String libc : libc(home, given(target, PLATFORM_OF_POD, PLATFORM))) {
        container.env().append(SCAN_DIR, libc);
      }
      container.env().append(SCAN_DIR, home + "/" + ini(homes.indexOf(home) + 1));
      injection.because("start the SDK");
      container.env().setIfAbsent(AUTOLOAD, "true");
    }
    injection.because("deliver the agent");
    deliver.command("/bin/sh", "-c").args(words.toArray(String[]::new));
  }

  private static Optional<String> given(
      Target target, Setting<String> annotation, Setting<String> setting) {
    return target.annotation(annotation).or(() -> target.section().get(setting));
  }

  private static String ini(int place) {
    return place == 1 ? DeliveryScript.INI : DeliveryScript.INI + "-" + place;
  }

  /** Directories with what tells the C library, the last that exists counts. */
  private static List<String> libc(String home, Optional<String> platform) {
    String directory = home + DeliveryScript.LIBC;
    return platform
        .map(known -> List.of(directory + known))
        .orElseGet(() ->
            List.of(
                directory + "musl",
                DeliveryScript.OF_GLIBC
                    + "/..".repeat(DeliveryScript.OF_GLIBC.split("/", -1).length - 1)
                    + directory
                    + "glibc"));
  }
}
