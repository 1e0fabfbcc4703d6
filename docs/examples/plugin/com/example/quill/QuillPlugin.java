package com.example.quill;

import io.otelgraft.spi.*;
import io.otelgraft.spi.ListVariable.EmptyItem;

public final class QuillPlugin implements LanguagePlugin {
  static final ListVariable PRELOAD = ListVariable.of("QUILL_PRELOAD", ":", EmptyItem.NOTHING);
  static final Reason ANOTHER_AGENT =
      Reason.of("AnotherAgent", "Quill already loads a tracer before the program.");

  @Override
  public Language language() {
    return Language.named("quill")
        .title("Quill")
        .section("quill")
        .image("registry.example.com/quill-agent", "1.2.0")
        .joins(PRELOAD)
        .reasons(ANOTHER_AGENT)
        .build();
  }

  @Override
  public void examine(Target target, Verdict verdict) {
    target.env().get("QUILL_PRELOAD").flatMap(Variable::literal)
        .filter(value -> value.contains("tracer"))
        .ifPresent(value -> verdict.standDown(ANOTHER_AGENT, "QUILL_PRELOAD=" + value));
  }

  @Override
  public void inject(Injection injection) {
    var agent = injection.agent(AgentSource.directory(injection.section().image(), "/agent"));
    for (var target : injection.targets()) {
      var container = injection.edit(target);
      container.env().append(PRELOAD, agent.mountIn(container) + "/trace.q");
    }
  }
}
