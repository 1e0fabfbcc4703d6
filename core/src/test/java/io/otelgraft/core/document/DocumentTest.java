package io.otelgraft.core.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class DocumentTest {

  private static final String DEPLOYMENT =
      """
      # The shop's front.
      apiVersion: apps/v1   # since 1.9
      kind: Deployment
      metadata:
        name: "web"
        annotations: {owner: 'shop', size: 0x1F}
      spec:
        replicas: 2
        template:
          # What each pod is like.
          spec:
            containers:
              - name: app     # the app
                image: shop/web:1.10
                env:
                  - {name: LEVEL, value: 'on'}
                  # No further settings.
              - image: proxy
                name: proxy
            # Nothing to keep.
            volumes: []
      # The end.
      """;

  private static String edited(String text, Consumer<ObjectNode> edit) {
    return Documents.read("app.yaml", text)
        .render(document -> {
          ObjectNode tree = document.tree();
          edit.accept(tree);
          return tree;
        });
  }

  @Test
  void an_injection_shows_as_added_lines_and_nothing_else() {
    String after =
        edited(
            DEPLOYMENT,
            tree -> {
              ObjectNode pod = (ObjectNode) tree.at("/spec/template/spec");
              pod.withArray("/initContainers")
                  .addObject()
                  .put("name", "agent")
                  .putArray("command")
                  .add("cp")
                  .add("-r");
              pod.withArray("/volumes").addObject().put("name", "agent").putObject("emptyDir");
              ((ObjectNode) pod.at("/containers/0"))
                  .withArray("/env")
                  .addObject()
                  .put("name", "OPTIONS")
                  .put("value", "--agent=/agent.so");
            });

    assertThat(after)
        .isEqualTo(
            """
            # The shop's front.
            apiVersion: apps/v1   # since 1.9
            kind: Deployment
            metadata:
              name: "web"
              annotations: {owner: 'shop', size: 0x1F}
            spec:
              replicas: 2
              template:
                # What each pod is like.
                spec:
                  containers:
                    - name: app     # the app
                      image: shop/web:1.10
                      env:
                        - {name: LEVEL, value: 'on'}
                        - name: OPTIONS
                          value: --agent=/agent.so
                        # No further settings.
                    - image: proxy
                      name: proxy
                  # Nothing to keep.
                  volumes:
                    - name: agent
                      emptyDir: {}
                  initContainers:
                    - name: agent
                      command:
                        - cp
                        - -r
            # The end.
            """);
  }

  @Test
  void a_document_that_is_not_edited_leaves_byte_for_byte() {
    assertThat(edited(DEPLOYMENT, tree -> {})).isEqualTo(DEPLOYMENT);
  }

  @Test
  void a_pointer_leads_to_the_line_and_column_of_its_key() {
    Document document = Documents.read("app.yaml", DEPLOYMENT).list().getFirst();

    assertThat(document.position(JsonPointer.compile("/spec/template/spec/containers/1/name")))
        .isEqualTo(new Position(19, 11));
    assertThat(document.position(JsonPointer.compile("/spec/template/spec/containers/1/args/0")))
        .as("the container, as it has no args")
        .isEqualTo(new Position(18, 9));
  }
}
