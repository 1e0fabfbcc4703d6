package io.otelgraft.lang.nginx;

import io.otelgraft.spi.Container;
import io.otelgraft.spi.Injection;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import io.otelgraft.spi.ListVariable;
import io.otelgraft.spi.ListVariable.EmptyItem;
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
 * nginx: a module, which the server's configuration has to load. That is part of the server's image
 * or of a volume and cannot be seen at admission, so it is changed when the pod starts: a clone of
 * the container copies the configuration and the server's version into a volume, the agent's image
 * brings the module for that version and loads it in the copy, and the copy is mounted over the
 * original.
 */
public final class NginxPlugin implements LanguagePlugin {
  static final Setting<String> CONFIG_FILE =
      Setting.text("configFile")
          .pattern("[A-Za-z0-9._/-]*", 256)
          .defaultsTo("/etc/nginx/nginx.conf")
          .describe("The main file of the server's configuration in its container.");

  static final Setting<List<Variable>> ATTRIBUTES =
      Setting.variables("attrs")
          .describe(
              "Directives of the agent's configuration, such as NginxModuleTraceAsError, which"
                  + " replace those that Graft writes or are added to them. A value that comes by"
                  + " valueFrom is one argument of the directive.");

  private static final String FILE = "/[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)+";

  static final Setting<String> CONFIG_FILES =
      Setting.text("nginx-config-file")
          .pattern("%1$s|[a-z0-9-]+=%1$s(,[a-z0-9-]+=%1$s)*".formatted(FILE), 1024)
          .describe(
              "The main file of the server's configuration, in place of the resource's configFile;"
                  + " or one for each container: web=/etc/nginx/nginx.conf,proxy=/srv/nginx.conf.");

  private static final ListVariable LIBRARY_PATH =
      ListVariable.of("LD_LIBRARY_PATH", ":", EmptyItem.WORKING_DIRECTORY).beforeCommonEnv();

  private static final Reason RUNS_TO_ITS_END =
      Reason.of(
          "RunsToItsEnd",
          "The container is an init container that ends before the pod serves anybody.");

  @Override
  public Language language() {
    return Language.named("nginx")
        .title("nginx")
        .documentation(
            URI.create(
                "https://opentelemetry.io/docs/platforms/kubernetes/operator/automatic/#nginx"))
        .section("nginx", CONFIG_FILE, ATTRIBUTES)
        .image(
            "ghcr.io/open-telemetry/opentelemetry-operator/autoinstrumentation-apache-httpd",
            "1.0.4")
        .resources(ResourceDefaults.of("1m", "128Mi", "500m", "256Mi"))
        .annotations(CONFIG_FILES)
        .olderContainerNamesKey("inject-nginx-container-names")
        .joins(LIBRARY_PATH)
        // The agent brings OpenTelemetry's exporter for C++ over gRPC and no other.
        .protocols(Protocol.GRPC)
        .needs(Need.WRITABLE_AGENT)
        .marks("otel-agent-source-container-clone", "otel-agent-attach-nginx")
        .operatorMountPath("/opt/opentelemetry-webserver/{purpose}")
        .operatorNames(
            Map.of(
                "agent", "otel-nginx-agent",
                "source-conf", "otel-nginx-conf-dir",
                "clone", "otel-agent-source-container-clone",
                "attach", "otel-agent-attach-nginx"))
        .reasons(RUNS_TO_ITS_END)
        .order(70)
        .build();
  }

  @Override
  public void validate(Section section, Problems problems) {
    String file = section.get(CONFIG_FILE).orElseThrow();
    if (!file.matches(FILE) || file.contains("..")) {
      problems.error(
          CONFIG_FILE.key(),
          "\"" + file + "\" is not the path of a file in a directory",
          "write an absolute path without \"..\", such as /etc/nginx/nginx.conf");
    }
    List<Variable> attributes = section.get(ATTRIBUTES).orElse(List.of());
    for (int i = 0; i < attributes.size(); i++) {
      String name = attributes.get(i).name();
      if (!AgentConfiguration.isDirective(name)) {
        problems.error(
            ATTRIBUTES.key() + "[" + i + "].name",
            "\"" + name + "\" is not the name of a directive",
            "write letters, digits and underscores, such as NginxModuleTraceAsError");
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
    copied.retainAll(hiding(file(target)));
    if (!copied.isEmpty()) {
      verdict.note(
          "the server reads a copy of %s that is made when the pod starts: a change shows in the next pod"
              .formatted(String.join(", ", copied)));
    }
  }

  @Override
  public void inject(Injection injection) {
    for (Target target : injection.targets()) {
      String file = file(target);
      String directory = directoryOf(file);
      injection.because("copy the configuration");
      Container server = injection.edit(target);
      Volume configuration = injection.scratch("source-conf");
      Volume agent = injection.agentVolume();
      Container clone = injection.cloneOf(target, "clone");
      String script = Scripts.copy(configuration.mountIn(clone));
      clone.command("/bin/sh", "-c").args(script, "--", directory);

      injection.because("load the agent's module");
      hiding(file).forEach(server::unmount);
      String home = agent.mountIn(server);
      configuration.mount(server, directory);
      server.env().append(LIBRARY_PATH, home + "/sdk_lib/lib");

      injection.because("write the agent's configuration");
      Container attach = injection.init("attach").prepares(target);
      AgentConfiguration written = AgentConfiguration.of(target);
      written.variables().forEach(attach.env()::setIfAbsent);
      attach
          .env()
          .setIfAbsent("OTEL_NGINX_AGENT_CONF", written.text())
          .field("OTEL_NGINX_SERVICE_INSTANCE_ID", "metadata.name");
      List<String> words = new ArrayList<>();
      words.add(
          Scripts.attach(
              "/opt/opentelemetry", agent.mountIn(attach), configuration.mountIn(attach), home));
      words.add("--");
      words.add(file.substring(directory.length() + 1));
      words.addAll(written.words());
      attach.command("/bin/sh", "-c").args(words.toArray(String[]::new));
    }
  }

  /** The paths at which a mount would hide the copy, or what is changed in it. */
  private static List<String> hiding(String file) {
    String directory = directoryOf(file);
    return List.of(directory, directory + "/", file);
  }

  private static String directoryOf(String file) {
    return file.substring(0, file.lastIndexOf('/'));
  }

  private static String file(Target target) {
    String path = target.section().get(CONFIG_FILE).orElseThrow();
    for (String entry : target.annotation(CONFIG_FILES).orElse("").split(",", -1)) {
      int equals = entry.indexOf('=');
      if (!entry.isEmpty() && (equals < 0 || entry.substring(0, equals).equals(target.name()))) {
        path = entry.substring(equals + 1);
      }
    }
    return path;
  }
}
