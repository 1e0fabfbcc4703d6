package io.otelgraft.core.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.otelgraft.core.resource.Variables.Family;
import io.otelgraft.core.resource.Variables.Name;
import io.otelgraft.core.resource.Variables.Reference;
import io.otelgraft.core.resource.Variables.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class VariablesTest {

  @Test
  void a_text_is_taken_apart_at_its_variables() {
    assertThat(Variables.parse("a-${NODE_IP}.${POD_NAME}"))
        .containsExactly(
            new Text("a-"), new Reference("NODE_IP"), new Text("."), new Reference("POD_NAME"));
    assertThat(Variables.parse("${NODE_IP}${POD_IP}"))
        .containsExactly(new Reference("NODE_IP"), new Reference("POD_IP"));
    assertThat(Variables.parse("plain")).containsExactly(new Text("plain"));
    assertThat(Variables.parse("")).isEmpty();
  }

  @Test
  void two_dollar_signs_make_a_text_of_a_variable() {
    assertThat(Variables.parse("$${NODE_IP}")).containsExactly(new Text("${NODE_IP}"));
    assertThat(Variables.parse("a$${B}c${D}$${E}"))
        .containsExactly(new Text("a${B}c"), new Reference("D"), new Text("${E}"));
    assertThat(Variables.parse("$$${NODE_IP}")).containsExactly(new Text("$${NODE_IP}"));
  }

  @Test
  void what_is_no_name_in_braces_stays_as_it_is() {
    for (String text :
        new String[] {
          "${",
          "${}",
          "${NODE_IP",
          "${user.home}",
          "${sys:X}",
          "$NODE_IP",
          "$$(X)",
          "$(X)",
          "${ A}",
          "$"
        }) {
      assertThat(Variables.parse(text)).as(text).containsExactly(new Text(text));
    }
    assertThat(Variables.parse("${${NODE_IP}"))
        .containsExactly(new Text("${"), new Reference("NODE_IP"));
  }

  @Test
  void labels_and_annotations_are_known_by_their_keys_in_upper_case() {
    assertThat(Variables.isKnown("K8S_POD_LABELS_" + Variables.canonical("app.kubernetes.io/name")))
        .isTrue();
    assertThat(Variables.canonical("app.kubernetes.io/name")).isEqualTo("APP_KUBERNETES_IO_NAME");
    assertThat(Variables.isKnown("K8S_POD_ANNOTATIONS_TEAM")).isTrue();
    assertThat(Variables.isKnown("K8S_POD_LABELS_")).isFalse();
    assertThat(Variables.isKnown("K8S_POD_LABELS_app")).isFalse();
  }

  @Test
  void unknown_names_are_told_once_each_and_escaped_ones_never() {
    assertThat(Variables.unknownIn("${A}${NODE_IP}${B}${A}$${C}")).containsExactly("A", "B");
  }

  @Test
  void the_nearest_name_is_found_across_slips_and_case() {
    assertThat(Variables.nearest("node_ip")).contains("NODE_IP");
    assertThat(Variables.nearest("NODE_PI")).contains("NODE_IP");
    assertThat(Variables.nearest("K8S_NAMESPCE")).contains("K8S_NAMESPACE");
    assertThat(Variables.nearest("k8s_pod_labels_app")).contains("K8S_POD_LABELS_APP");
    assertThat(Variables.nearest("REGION")).isEmpty();
  }

  @Test
  void the_guide_lists_them_all() throws IOException {
    String guide = Files.readString(Path.of("../docs/variables.md"));
    List<String> rows = new ArrayList<>();
    for (Name name : Name.values()) {
      rows.add("| `${%s}` | %s |".formatted(name, name.meaning()));
    }
    for (Family family : Family.values()) {
      rows.add("| `${%sKEY}` | %s |".formatted(family.prefix(), family.meaning()));
    }

    assertThat(guide.lines().filter(line -> line.startsWith("| `${")).toList()).isEqualTo(rows);
  }
}
