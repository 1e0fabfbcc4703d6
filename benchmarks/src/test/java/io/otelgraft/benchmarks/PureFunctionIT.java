package io.otelgraft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PureFunctionIT {

  @Test
  void the_function_and_its_steps_run_in_jmh_with_the_plugins_of_the_distribution() {
    var printed = new ByteArrayOutputStream();
    Progress progress = new Progress(new PrintStream(printed, true, StandardCharsets.UTF_8));

    new PureFunction(Distribution.given(), PureFunction.Effort.LEAST).measure(progress);

    assertThat(progress.figures())
        .extracting(Figure::name)
        .containsExactly(
            "function.annotated",
            "function.annotated.allocated",
            "function.plain",
            "function.plain.allocated",
            "function.annotated.read",
            "function.annotated.decide",
            "function.annotated.write");
    assertThat(progress.figures()).allMatch(figure -> figure.value() > 0);
    assertThat(printed.toString(StandardCharsets.UTF_8).lines()).hasSize(5);
  }
}
