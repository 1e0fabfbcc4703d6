package io.otelgraft.lang.httpd;

import io.otelgraft.spi.Container;
import io.otelgraft.spi.Injection;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import io.otelgraft.spi.Need;
import io.otelgraft.spi.Problems;
import io.otelgraft.spi.Protocol;
import io.otelgraft.spi.Reason;
import io.otelgraft.spi.ResourceDefaults;
import io.otelgraft.spi.Section;
import io.otelgraft.spi.Setting;
import io.otelgraft.spi.Target;
import io.otelgraft.spi.Variable;
import io.otelgraft.spi.Verdict;
import io.otelgraft.spi.Volume;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Apache HTTPD: a module, which the server's configuration has to load. That is part of the
 * server's image or of a volume and cannot be seen at admission, so it is changed when the pod
 * starts: a clone of the container copies the configuration into a volume, the agent's image brings
 * the module and includes it in the copy, and the copy is mounted over the original.
 */
public final class HttpdPlugin implements LanguagePlugin {
  static final Setting<String> CONFIG_PATH =
      Setting.text("configPath")
          .pattern("[A-Za-z0-9._/-]*", 256)
          .defaultsTo("/usr/local/apache2/conf")
          .describe("The directory of the server's httpd.conf, or apache2.conf, in its container.");

  static final Setting<String> VERSION =
      Setting.oneOf("version", "2.4", "2.2")
          .defaultsTo("2.4")
          .describe("The version of Apache HTTPD, which decides on the agent's module.");

  static final Setting<List<Variable>> ATTRIBUTES =
      Setting.variables("attrs")
          .describe(
              "Directives of the agent's configuration, such as ApacheModuleTraceAsError, which"
                  + " replace those that Graft writes or are added to them. A value that comes by"
                  + " valueFrom is one argument of the directive.");

  private static final String DIRECTORY = "/[A-Za-z0-9._/-]+";

  static final Setting<String> CONFIG_PATHS =
      Setting.text("apache-httpd-config-path")
          .pattern("%1$s|[a-z0-9-]+=%1$s(,[a-z0-9-]+=%1$s)*".formatted(DIRECTORY), 1024)
          .describe(
              "The directory of the server's configuration, in place of the resource's configPath;"
                  + " or one for each container: web=/etc/apache2,proxy=/srv/conf.");

  private static final Reason RUNS_TO_ITS_END =
      Reason.of(
          "RunsToItsEnd",
          "The container is an init container that ends before the pod serves anybody.");

  @Override
  public Language language() {
    return Language.named("apache-httpd")
        .title("Apache HTTPD")
        .documentation(
            URI.create(
                "https://opentelemetry.io/docs/platforms/kubernetes/operator/automatic/#apache-httpd"))
        .section("apacheHttpd", CONFIG_PATH, VERSION, ATTRIBUTES)
        .image(
            "ghcr.io/open-telemetry/opentelemetry-operator/autoinstrumentation-apache-httpd",
            "1.0.4")
        .resources(ResourceDefaults.of("1m", "128Mi", "500m", "256Mi"))
        .annotations(CONFIG_PATHS)
        // The agent brings OpenTelemetry's exporter for C++ over gRPC and no other.
        .protocols(Protocol.GRPC)
        .needs(Need.WRITABLE_AGENT)
        .marks("otel-agent-source-container-clone", "otel-agent-attach-apache")
        .operatorMountPath("/opt/opentelemetry-webserver/{purpose}")
        .operatorNames(
            Map.of(
                "agent", "otel-apache-agent",
                "source-conf", "otel-apache-conf-dir",
                "clone", "otel-agent-source-container-clone",
                "attach", "otel-agent-attach-apache"))
        .reasons(RUNS_TO_ITS_END)
        .order(60)
        .build();
  }

  @Override
  public void validate(Section section, Problems problems) {
    String path = section.get(CONFIG_PATH).orElseThrow();
    if (!path.matches(DIRECTORY) || path.contains("..")) {
      problems.error(
          CONFIG_PATH.key(),
          "\"" + path + "\" is not the path of a directory",
          "write an absolute path without \"..\", such as /usr/local/apache2/conf");
    }
    List<Variable> attributes = section.get(ATTRIBUTES).orElse(List.of());
    for (int i = 0; i < attributes.size(); i++) {
      String name = attributes.get(i).name();
      if (!AgentConfiguration.isDirective(name)) {
        problems.error(
            ATTRIBUTES.key() + "[" + i + "].name",
            "\"" + name + "\" is not the name of a directive",
            "write letters, digits and underscores, such as ApacheModuleTraceAsError");
      }
    }
  }

  @Override
  public void examine(Target target, Verdict verdict) {
    if (target.isInit() && !target.isNativeSidecar()) {
      verdict.standDown(RUNS_TO_ITS_END, "init container " + target.name());
      return;
    }
    List<String> copied = new ArrayList<>(target.mountPaths());
    copied.retainAll(hiding(directory(target)));
    if (!copied.isEmpty()) {
      verdict.note(
          "the server reads a copy of %s that is made when the pod starts: a change shows in the next pod"
              .formatted(String.join(", ", copied)));
    }
  }

  @Override
  public void inject(Injection injection) {
    for (Target target : injection.targets()) {
      String directory = directory(target);
      injection.because("copy the configuration");
      Container server = injection.edit(target);
      Volume configuration = injection.scratch("source-conf");
      Volume agent = injection.agentVolume();
      Container clone = injection.cloneOf(target, "clone");
      String copy = Scripts.copy(configuration.mountIn(clone));
      clone.command("/bin/sh", "-c").args(copy, "--", directory);

      injection.because("load the agent's module");
      hiding(directory).forEach(server::unmount);
      String home = agent.mountIn(server);
      configuration.mount(server, directory);

      injection.because("write the agent's configuration");
      Container attach = injection.init("attach").prepares(target);
      AgentConfiguration written = AgentConfiguration.of(target, home);
      written.variables().forEach(attach.env()::setIfAbsent);
      attach
          .env()
          .setIfAbsent("OTEL_APACHE_AGENT_CONF", written.text())
          .field("APACHE_SERVICE_INSTANCE_ID", "metadata.name");
      String script =
          Scripts.attach(
              "/opt/opentelemetry",
              agent.mountIn(attach),
              configuration.mountIn(attach),
              home,
              written.module());
      List<String> words = new ArrayList<>(List.of(script, "--", directory));
      words.addAll(written.words());
      attach.command("/bin/sh", "-c").args(words.toArray(String[]::new));
    }
  }

  /** The paths at which a mount would hide the copy, or what is changed in it. */
  private static List<String> hiding(String directory) {
    return List.of(
        directory, directory + "/", directory + "/httpd.conf", directory + "/apache2.conf");
  }

  private static String directory(Target target) {
    String path = target.section().get(CONFIG_PATH).orElseThrow();
    for (String entry : target.annotation(CONFIG_PATHS).orElse("").split(",", -1)) {
      int equals = entry.indexOf('=');
      if (!entry.isEmpty() && (equals < 0 || entry.substring(0, equals).equals(target.name()))) {
        path = entry.substring(equals + 1);
      }
    }
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }
}
