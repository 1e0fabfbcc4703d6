package io.otelgraft.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.core.injection.Annotations;
import io.otelgraft.spi.AgentSource;
import io.otelgraft.spi.Container;
import io.otelgraft.spi.Injection;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import io.otelgraft.spi.ListVariable;
import io.otelgraft.spi.ListVariable.EmptyItem;
import io.otelgraft.spi.Target;

/**
 * A language that goes into the same containers as the one under test, and before it: so it takes
 * the usual paths.
 */
final class AnotherLanguage implements LanguagePlugin {
  private static final String ID = "another";
  private static final ListVariable OPTIONS =
      ListVariable.of("ANOTHER_OPTIONS", " ", EmptyItem.NOTHING);

  @Override
  public Language language() {
    return Language.named(ID)
        .section(ID)
        .image("registry.example.com/another", "1.0")
        .joins(OPTIONS)
        .order(Integer.MIN_VALUE)
        .build();
  }

  @Override
  public void inject(Injection injection) {
    var agent = injection.agent(AgentSource.directory(injection.section().image(), "/agent"));
    for (Target target : injection.targets()) {
      Container container = injection.edit(target);
      container.env().append(OPTIONS, "--agent=" + agent.mountIn(container));
    }
  }

  /** The story of a pod that was injected, but that it asks for this language as well. */
  static Story beside(Language language, Trial trial) {
    JsonNode annotations = trial.before().path("metadata").path("annotations");
    String resource = annotations.path(Annotations.INJECT + language.id()).asText("true");
    String containers = String.join(",", trial.decision().injected().getFirst().containers());
    return trial
        .story()
        .with(
            trial.story() + ", beside another language",
            pod ->
                pod.withObject("/metadata/annotations")
                    .put(Annotations.INJECT + ID, resource)
                    .put(Annotations.PREFIX + ID + "-container-names", containers)
                    .put(Annotations.PREFIX + language.containerNamesKey(), containers));
  }
}
