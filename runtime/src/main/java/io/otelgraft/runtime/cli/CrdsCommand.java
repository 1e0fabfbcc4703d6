package io.otelgraft.runtime.cli;

import io.otelgraft.core.document.Yaml;
import io.otelgraft.core.resource.InstrumentationSchema;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code graft crds}: the definition of the custom resource, made from the plugins. */
final class CrdsCommand implements Command {

  @Override
  public CommandSpec declare() {
    return Options.of(
            this,
            "crds",
            "Prints the CustomResourceDefinition of Instrumentation.",
            "It has a section for each language that there is a plugin for.")
        .plugins()
        .examples(
            "graft crds | kubectl apply --server-side -f -",
            "graft crds --plugins my-plugins >crds/instrumentation.yaml");
  }

  @Override
  public int run(ParseResult given, Surroundings surroundings) {
    surroundings.print(
        Yaml.write(InstrumentationSchema.definition(Workbench.catalogue(given, surroundings))));
    return ExitCode.OK;
  }
}
