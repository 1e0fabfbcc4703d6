package io.otelgraft.lang.nodejs;

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
import io.otelgraft.spi.Target;
import io.otelgraft.spi.Verdict;
import java.net.URI;

/**
 * Node.js: a module that {@code NODE_OPTIONS} has every Node.js process of the container load
 * before the application.
 */
public final class NodejsPlugin implements LanguagePlugin {
  static final ListVariable NODE_OPTIONS = ListVariable.of("NODE_OPTIONS", " ", EmptyItem.NOTHING);

  private static final String METRICS_EXPORTER = "OTEL_METRICS_EXPORTER";
  private static final String NODE_PATH = "NODE_PATH";
  private static final String RESOURCE_DETECTORS = "OTEL_NODE_RESOURCE_DETECTORS";

  private static final Reason ANOTHER_AGENT =
      Reason.of(
              "AnotherAgent",
              "Node.js already loads OpenTelemetry's modules or those of another product first; two"
                  + " tracers in one process wrap the same modules.")
          .overridable();

  private static final AgentSign[] OTHER_AGENTS = {
    AgentSign.podKey("Datadog", "admission.datadoghq.com/js-lib.version"),
    AgentSign.podKey("Datadog", "admission.datadoghq.com/js-lib.custom-image"),
    AgentSign.podKey("New Relic", "instrumentation.newrelic.com/inject-nodejs")
  };

  @Override
  public Language language() {
    return Language.named("nodejs")
        .title("Node.js")
        .documentation(URI.create("https://opentelemetry.io/docs/zero-code/js/"))
        .section("nodejs")
        .image("ghcr.io/open-telemetry/opentelemetry-operator/autoinstrumentation-nodejs", "0.78.0")
        .resources(ResourceDefaults.of("50m", "128Mi", "500m", "256Mi"))
        .joins(NODE_OPTIONS)
        .sets(METRICS_EXPORTER, NODE_PATH, RESOURCE_DETECTORS)
        .reasons(ANOTHER_AGENT)
        .otherAgents(OTHER_AGENTS)
        .order(20)
        .build();
  }

  @Override
  public void examine(Target target, Verdict verdict) {
    Preload.of(target).stream()
        .filter(Preload::isTracer)
        .findFirst()
        .ifPresent(tracer -> verdict.standDown(ANOTHER_AGENT, tracer.toString()));
  }

  @Override
  public void inject(Injection injection) {
    Agent agent =
        injection.agent(AgentSource.directory(injection.section().image(), "/autoinstrumentation"));
    for (Target target : injection.targets()) {
      Container container = injection.edit(target);
      injection.because("load the agent before the application");
      String home = agent.mountIn(container);
      container.env().append(NODE_OPTIONS, "--require " + home + "/autoinstrumentation.js");
      // Traces and logs go to OTLP unless told otherwise; releases before 0.200 of the SDK send no
      // metrics until they are told to.
      injection.because("send what the agent collects");
      container.env().setIfAbsent(METRICS_EXPORTER, "otlp");
      injection.because("find the agent's packages");
      container.env().setDefault(NODE_PATH, home + "/node_modules");
      // Not all of them, of which some ask the metadata addresses of every cloud and wait for an
      // answer. The last one wins, so that the attributes that the user gave count.
      injection.because("describe host and service");
      container.env().setDefault(RESOURCE_DETECTORS, "host,os,serviceinstance,env");
    }
  }
}
