package io.otelgraft.lang.java;

import io.otelgraft.spi.Agent;
import io.otelgraft.spi.AgentSign;
import io.otelgraft.spi.AgentSource;
import io.otelgraft.spi.Container;
import io.otelgraft.spi.Injection;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import io.otelgraft.spi.ListVariable;
import io.otelgraft.spi.ListVariable.EmptyItem;
import io.otelgraft.spi.Reason;
import io.otelgraft.spi.ResourceDefaults;
import io.otelgraft.spi.Section;
import io.otelgraft.spi.Target;
import io.otelgraft.spi.Variable;
import io.otelgraft.spi.Verdict;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Java: OpenTelemetry's agent, which {@code JAVA_TOOL_OPTIONS} brings into every JVM of the
 * container, and its extensions.
 */
public final class JavaPlugin implements LanguagePlugin {
  private static final ListVariable JAVA_TOOL_OPTIONS =
      ListVariable.of("JAVA_TOOL_OPTIONS", " ", EmptyItem.NOTHING);

  private static final String EXTENSIONS_VARIABLE = "OTEL_JAVAAGENT_EXTENSIONS";

  private static final Reason ANOTHER_AGENT =
      Reason.of(
              "AnotherAgent",
              "The JVM already loads OpenTelemetry's agent or that of another product; two tracers in"
                  + " one JVM change the same classes.")
          .overridable();

  /** Other injectors' annotations, and SDKs that the application brings and that are configured. */
  private static final AgentSign[] OTHER_AGENTS = {
    AgentSign.podKey("Datadog", "admission.datadoghq.com/java-lib.version"),
    AgentSign.podKey("Datadog", "admission.datadoghq.com/java-lib.custom-image"),
    AgentSign.podKey("New Relic", "instrumentation.newrelic.com/inject-java"),
    AgentSign.variable("the SDK's autoconfiguration", "OTEL_JAVA_GLOBAL_AUTOCONFIGURE_ENABLED"),
    AgentSign.variable("Quarkus' OpenTelemetry", "QUARKUS_OTEL_EXPORTER_OTLP_ENDPOINT"),
    AgentSign.variable("Quarkus' OpenTelemetry", "QUARKUS_OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"),
    AgentSign.variable("Spring Boot's tracing", "MANAGEMENT_OTLP_TRACING_ENDPOINT"),
    AgentSign.variable(
        "Spring Boot's tracing", "MANAGEMENT_OPENTELEMETRY_TRACING_EXPORT_OTLP_ENDPOINT"),
    AgentSign.variable("Spring Boot's tracing", "MANAGEMENT_ZIPKIN_TRACING_ENDPOINT")
  };

  @Override
  public Language language() {
    return Language.named("java")
        .title("Java")
        .documentation(URI.create("https://opentelemetry.io/docs/zero-code/java/agent/"))
        .section("java", Extension.ALL)
        .image("ghcr.io/open-telemetry/opentelemetry-operator/autoinstrumentation-java", "2.30.0")
        .neverUpgradeAcross("2.0.0")
        .resources(ResourceDefaults.of("50m", "64Mi", "500m", "256Mi"))
        .joins(JAVA_TOOL_OPTIONS)
        .reasons(ANOTHER_AGENT)
        .otherAgents(OTHER_AGENTS)
        .order(10)
        .operatorMountPath("/otel-auto-instrumentation-java-{container}")
        .build();
  }

  @Override
  public void examine(Target target, Verdict verdict) {
    boolean extended = !extensions(target.section()).isEmpty();
    for (JvmOption option : JvmOption.of(target)) {
      if (option.loadsTracer()) {
        verdict.standDown(ANOTHER_AGENT, option.toString());
        return;
      }
      if (option.loadsAgent()) {
        verdict.note("runs beside " + option);
      } else if (extended && !option.place().equals(JAVA_TOOL_OPTIONS.name())) {
        verdict.note("the resource's extensions are not loaded: " + option + " counts");
      }
    }
  }

  @Override
  public void inject(Injection injection) {
    Agent agent = injection.agent(AgentSource.file(injection.section().image(), "/javaagent.jar"));
    List<Agent> extensions =
        extensions(injection.section()).stream()
            .map(extension -> agent.part("extensions", "extension", extension.source()))
            .toList();
    for (Target target : injection.targets()) {
      Container container = injection.edit(target);
      injection.because("activate the agent");
      container.env().append(JAVA_TOOL_OPTIONS, "-javaagent:" + agent.mountIn(container));
      if (!extensions.isEmpty()) {
        injection.because("load the agent's extensions");
        Set<String> places = ownExtensions(target);
        extensions.forEach(extension -> places.add(extension.mountIn(container)));
        container.env().append(JAVA_TOOL_OPTIONS, JvmOption.EXTENSIONS + String.join(",", places));
      }
    }
  }

  private static List<Extension> extensions(Section section) {
    return section.get(Extension.ALL).orElse(List.of());
  }

  /**
   * The extensions that the container names itself. They go before the resource's in the one
   * property, because the last property of a name counts, and any property beats the variable.
   */
  private static Set<String> ownExtensions(Target target) {
    Set<String> places = new LinkedHashSet<>();
    target
        .env()
        .get(JAVA_TOOL_OPTIONS.name())
        .flatMap(Variable::literal)
        .flatMap(JvmOption::extensionsOf)
        .or(() ->
            target
                .env()
                .get(EXTENSIONS_VARIABLE)
                .map(own -> own.literal().orElse("$(" + EXTENSIONS_VARIABLE + ")")))
        .ifPresent(own -> places.addAll(List.of(own.split(","))));
    return places;
  }
}
