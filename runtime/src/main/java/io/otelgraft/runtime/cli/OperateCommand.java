package io.otelgraft.runtime.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code graft operate}: the webhooks and controllers of a cluster, until it is told to stop. */
final class OperateCommand implements Command {

  /** For the launcher, which has the JVM record what operating takes. */
  private static final String REHEARSE = "--rehearse";

  @Override
  public CommandSpec declare() {
    return Options.of(
            this,
            "operate",
            "Answers the reviews of the cluster that it runs in, and keeps what belongs to it.",
            "The Instrumentations and Namespaces come from the cluster's API server.")
        .settings()
        .plugins()
        .hidden(REHEARSE, "FILE")
        .examples(
            "graft operate",
            "graft operate --set cluster.kubeconfig=$HOME/.kube/config --set log.format=json");
  }

  @Override
  public int run(ParseResult given, Surroundings surroundings) {
    return Options.hidden(given, REHEARSE)
        .map(manifests -> Operation.rehearse(given, manifests, surroundings))
        .orElseGet(() -> Operation.run(given, surroundings));
  }
}
