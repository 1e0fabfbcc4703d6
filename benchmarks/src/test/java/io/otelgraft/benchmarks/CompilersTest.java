package io.otelgraft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class CompilersTest {

  @Test
  void the_compilers_of_this_JVM_have_taken_some_of_its_time() {
    Duration compilers = Compilers.timeOf(ProcessHandle.current().pid());

    Duration all = ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    assertThat(compilers).isPositive().isLessThan(all);
  }
}
