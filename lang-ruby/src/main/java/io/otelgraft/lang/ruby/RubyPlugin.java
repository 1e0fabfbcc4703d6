package io.otelgraft.lang.ruby;

import io.otelgraft.spi.AgentSign;
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
import io.otelgraft.spi.Target;
import io.otelgraft.spi.Verdict;
import io.otelgraft.spi.Volume;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * Ruby: a file that {@code RUBYOPT} has every Ruby process of the container load before the
 * application, and gems beside those of the application's bundle.
 */
public final class RubyPlugin implements LanguagePlugin {
  private static final ListVariable RUBYOPT = ListVariable.of("RUBYOPT", " ", EmptyItem.NOTHING);

  private static final String DELIVER = "deliver";

  private static final Reason ANOTHER_AGENT =
      Reason.of(
              "AnotherAgent",
              "Ruby already loads OpenTelemetry or a tracer of another product first; two tracers in"
                  + " one process change the same methods.")
          .overridable();
  private static final Reason RUBYOPT_IGNORED =
      Reason.of(
          "RubyoptIgnored",
          "The command runs Ruby with an option by which it ignores RUBYOPT, so that no agent can"
              + " be attached.");

  private static final AgentSign[] OTHER_AGENTS = {
    AgentSign.podKey("Datadog", "admission.datadoghq.com/ruby-lib.version"),
    AgentSign.podKey("Datadog", "admission.datadoghq.com/ruby-lib.custom-image"),
    AgentSign.podKey("New Relic", "instrumentation.newrelic.com/inject-ruby"),
    AgentSign.variable("AppSignal", "APPSIGNAL_PUSH_API_KEY"),
    AgentSign.variable("Skylight", "SKYLIGHT_AUTHENTICATION")
  };

  @Override
  public Language language() {
    return Language.named("ruby")
        .title("Ruby")
        .documentation(
            URI.create("https://github.com/open-telemetry/opentelemetry-ruby-instrumentation"))
        .section("ruby")
        .noDefaultImage(
            "the gems and /autoinstrumentation/src/autoinstrumentation.rb, which loads them; for"
                + " Alpine, in /autoinstrumentation/musl")
        .experimental()
        .resources(ResourceDefaults.of("50m", "64Mi", "500m", "256Mi"))
        .joins(RUBYOPT)
        // The exporter for gRPC is not among the gems that the agent loads.
        .protocols(Protocol.HTTP_PROTOBUF)
        .needs(Need.EXECUTABLE_AGENT)
        .operatorNames(Map.of(DELIVER, "opentelemetry-auto-instrumentation-ruby"))
        .reasons(ANOTHER_AGENT, RUBYOPT_IGNORED)
        .otherAgents(OTHER_AGENTS)
        .order(75)
        .build();
  }

  @Override
  public void examine(Target target, Verdict verdict) {
    CommandLine command = CommandLine.of(target);
    Optional<String> deaf = command.deafOption();
    if (deaf.isPresent()) {
      verdict.standDown(RUBYOPT_IGNORED, "command with " + deaf.get());
      return;
    }
    target
        .env()
        .get(RUBYOPT.name())
        .flatMap(CommandLine::tracer)
        .or(command::tracer)
        .ifPresent(found -> verdict.standDown(ANOTHER_AGENT, found));
  }

  @Override
  public void inject(Injection injection) {
    injection.because("deliver the agent");
    Volume agent = injection.agentVolume();
    Container deliver = injection.init(DELIVER);
    deliver
        .command("/bin/sh", "-c")
        .args(DeliveryScript.of("/autoinstrumentation", agent.mountIn(deliver)));
    for (Target target : injection.targets()) {
      Container container = injection.edit(target);
      injection.because("load the agent before the application");
      container.env().append(RUBYOPT, "-r" + agent.mountIn(container) + DeliveryScript.ATTACH);
    }
  }
}
