package io.otelgraft.e2e.agent;

import java.lang.instrument.Instrumentation;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.implementation.FixedValue;
import net.bytebuddy.matcher.ElementMatchers;

/** A Java agent that leaves a mark: it changes what {@link Application#greeting} returns. */
public final class MarkingAgent {

  private MarkingAgent() {}

  /** Called by the virtual machine before {@code main}. */
  public static void premain(String arguments, Instrumentation instrumentation) {
    System.out.println("premain ran");
    new AgentBuilder.Default()
        .type(ElementMatchers.named("io.otelgraft.e2e.agent.Application"))
        .transform((builder, type, loader, module, domain) ->
            builder
                .method(ElementMatchers.named("greeting"))
                .intercept(FixedValue.value("changed by the agent")))
        .installOn(instrumentation);
  }
}
