package io.otelgraft.runtime;

import io.otelgraft.core.plugin.Deadline;
import io.otelgraft.runtime.cli.Graft;
import io.otelgraft.runtime.cli.Surroundings;

/** Where the command {@code graft} begins. */
final class Main {
  private Main() {}

  static void main(String[] arguments) {
    Deadline.addCarrier();
    System.exit(new Graft(Surroundings.ofProcess()).run(arguments));
  }
}
