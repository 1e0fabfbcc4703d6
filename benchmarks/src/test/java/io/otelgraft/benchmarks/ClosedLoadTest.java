package io.otelgraft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClosedLoadTest {

  @TempDir private Path folder;

  private Path log(String lines) throws IOException {
    return Files.writeString(folder.resolve("h2load.log"), lines);
  }

  @Test
  void latencies_are_read_from_the_log_of_h2load() throws IOException {
    Path log = log("1795378553847471\t200\t6782\n1795378553847463\t200\t210\n");

    var latencies = ClosedLoad.latencies(log, "");

    assertThat(latencies.getTotalCount()).isEqualTo(2);
    assertThat(latencies.getMinValue()).isEqualTo(210);
  }

  @Test
  void an_answer_that_is_no_success_fails_the_run_with_what_was_printed() throws IOException {
    Path log = log("1795378553847471\t429\t6782\n");

    assertThatThrownBy(() -> ClosedLoad.latencies(log, "printed"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("429")
        .hasMessageContaining("printed");
  }

  @Test
  void no_answer_at_all_fails_the_run() throws IOException {
    Path log = log("");

    assertThatThrownBy(() -> ClosedLoad.latencies(log, "printed"))
        .hasMessage("nothing was answered:\nprinted");
  }
}
