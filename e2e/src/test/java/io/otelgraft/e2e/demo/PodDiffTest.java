package io.otelgraft.e2e.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.e2e.Manifests;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PodDiffTest {

  private static final ObjectNode BEFORE =
      Manifests.object(
          """
          metadata: {labels: {app: shop}}
          spec:
            containers:
              - name: app
                image: shop:1
                env: [{name: HEAP, value: 64m}, {name: OPTIONS, value: -Xmx1g}]
                volumeMounts: [{name: data, mountPath: /data}]
              - name: proxy
                image: proxy:1
          """);

  private static String diff(String after) {
    return PodDiff.between(BEFORE, Manifests.object(after)).stream()
        .map(line -> (line.isAdded() ? "+ " : "  ") + line.text())
        .collect(Collectors.joining("\n", "", "\n"));
  }

  @Test
  void what_is_added_is_shown_where_it_belongs_and_nothing_else() {
    assertThat(
            diff(
                """
                metadata: {labels: {app: shop}, annotations: {a: b}}
                spec:
                  containers:
                    - name: app
                      image: shop:1
                      env:
                        - {name: HEAP, value: 64m}
                        - {name: OPTIONS, value: -Xmx1g -javaagent:/agent.jar}
                        - {name: NODE, valueFrom: {fieldRef: {fieldPath: status.hostIP}}}
                      volumeMounts: [{name: data, mountPath: /data}, {name: data, mountPath: /more}]
                    - name: proxy
                      image: proxy:1
                  initContainers:
                    - name: agent
                      image: registry.example.com/a-rather-long-name-of-an-image-of-an-agent:1
                      resources: {limits: {cpu: 500m, memory: 256Mi}, requests: {cpu: 50m, memory: 64Mi}}
                """))
        .isEqualTo(
            """
              metadata:
            +   annotations: {a: b}
              spec:
                containers:
                - name: app
                  env:
                  - name: OPTIONS
            +       value: -Xmx1g -javaagent:/agent.jar
            +     - {name: NODE, valueFrom: {fieldRef: {fieldPath: status.hostIP}}}
                  volumeMounts:
            +     - {name: data, mountPath: /more}
            +   initContainers:
            +   - name: agent
            +     image: registry.example.com/a-rather-long-name-of-an-image-of-an-agent:1
            +     resources:
            +       limits: {cpu: 500m, memory: 256Mi}
            +       requests: {cpu: 50m, memory: 64Mi}
            """);
  }

  @Test
  void a_long_value_keeps_its_beginning_and_its_end() {
    ObjectNode after = BEFORE.deepCopy();
    after.withObject("/metadata").put("note", "from here " + "on and ".repeat(50) + "to there");
    String line = PodDiff.between(BEFORE, after).getLast().text();
    assertThat(line).startsWith("  note: from here on").contains("…").endsWith("to there");
    assertThat(line.length()).isLessThanOrEqualTo(76);
  }

  @Test
  void each_line_says_which_part_of_the_pod_it_is() {
    ObjectNode after = BEFORE.deepCopy();
    after.withObject("/metadata/annotations").put("example.com/a", "b");
    assertThat(PodDiff.between(BEFORE, after).getLast().pointer())
        .isEqualTo("/metadata/annotations");
    ObjectNode more = after.deepCopy();
    more.withObject("/metadata/annotations").put("example.com/c", "d");
    assertThat(PodDiff.between(after, more).getLast().pointer())
        .isEqualTo("/metadata/annotations/example.com~1c");
  }
}
