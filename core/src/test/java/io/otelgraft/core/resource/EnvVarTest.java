package io.otelgraft.core.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Documents;
import io.otelgraft.spi.Variable;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class EnvVarTest {

  private static EnvVar entry(String yaml) {
    ObjectNode tree = Documents.read("env.yaml", yaml).list().getFirst().tree();
    return new EnvVar("A", tree);
  }

  @Test
  void an_entry_without_value_is_the_empty_text_as_for_the_kubelet() {
    assertThat(entry("{name: A}").literal()).contains("");
    assertThat(entry("{name: A, value: null, valueFrom: null}").literal()).contains("");
    assertThat(entry("{name: A, value: x}").literal()).contains("x");
  }

  @Test
  void an_entry_with_a_source_has_no_literal() {
    EnvVar fromField = EnvVar.field("A", "status.hostIP");

    assertThat(fromField.literal()).isEmpty();
    assertThat(fromField.entry())
        .hasToString(
            "{\"name\":\"A\",\"valueFrom\":{\"fieldRef\":{\"fieldPath\":\"status.hostIP\"}}}");
    assertThat(fromField.toVariable().source())
        .isEqualTo(Map.of("fieldRef", Map.of("fieldPath", "status.hostIP")));
  }

  @Test
  void what_goes_to_a_plugin_comes_back_the_same() {
    for (String yaml :
        new String[] {
          "{name: A, value: x}",
          "{name: A, valueFrom: {configMapKeyRef: {name: c, key: k, optional: true}}}"
        }) {
      EnvVar there = entry(yaml);
      assertThat(EnvVar.of(there.toVariable())).isEqualTo(there);
    }
  }

  @Test
  void a_source_with_an_object_of_a_plugin_in_it_is_refused() {
    Variable foreign = Variable.from("A", Map.of("fieldRef", Thread.currentThread()));

    assertThatThrownBy(() -> EnvVar.of(foreign))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a java.lang.Thread is no value of JSON");
  }
}
