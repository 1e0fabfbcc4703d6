package io.otelgraft.core.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

  private static ObjectNode at(ObjectNode tree, String pointer) {
    return (ObjectNode) tree.at(pointer);
  }

  @Test
  void new_lists_are_indented_like_those_of_the_neighbours() {
    String flush =
        """
        spec:
            volumes:
            - name: data
            containers:
            -   name: app
        """;

    assertThat(
            edited(
                flush,
                tree ->
                    at(tree, "/spec/containers/0").putArray("env").addObject().put("name", "A")))
        .isEqualTo(
            """
            spec:
                volumes:
                - name: data
                containers:
                -   name: app
                    env:
                    - name: A
            """);
  }

  @Test
  void an_entry_before_the_first_of_an_item_takes_the_dash() {
    String after =
        edited(
            """
            containers:
              - name: app # first
                image: web
            """,
            tree -> {
              ObjectNode container = at(tree, "/containers/0");
              ObjectNode copy = container.deepCopy();
              container.removeAll();
              container.put("id", 7);
              container.setAll(copy);
            });

    assertThat(after)
        .isEqualTo(
            """
            containers:
              - id: 7
                name: app # first
                image: web
            """);
  }

  @Test
  void an_item_before_the_first_of_a_list_leaves_the_others_where_they_are() {
    String after =
        edited(
            """
            initContainers:   # in this order
            # Waits for the database.
            - name: wait
              image: wait:1
            """,
            tree -> tree.withArray("/initContainers").insertObject(0).put("name", "agent"));

    assertThat(after)
        .isEqualTo(
            """
            initContainers:   # in this order
            # Waits for the database.
            - name: agent
            - name: wait
              image: wait:1
            """);
  }

  @Test
  void a_changed_value_keeps_its_line_with_the_comment_on_it() {
    String after =
        edited(
            """
            a:   "one"   # quoted
            b: |  # a text
              line
            c: [1, 2]  # a list
            d:  # nothing
            e: {x: 1}  # a mapping
            f: &f 6 # anchored
            """,
            tree -> {
              tree.put("a", "two");
              tree.put("b", "short");
              tree.put("c", "first\nsecond\n");
              tree.put("d", 4);
              tree.putObject("e").put("w", 2).putObject("z");
              tree.put("f", 7);
            });

    assertThat(after)
        .isEqualTo(
            """
            a:   two   # quoted
            b: short  # a text
            c: |  # a list
              first
              second
            d: 4  # nothing
            e:  # a mapping
              w: 2
              z: {}
            f: 7 # anchored
            """);
  }

  @Test
  void removed_entries_take_their_lines_and_no_others() {
    String after =
        edited(
            """
            spec:
              # About a.
              a: 1 # one
              b:
                - x
                - y: z
              # About c.
              c: |
                text

              d: {e: 1, f: 2, g: 3}
            items:
              - name: one
                value: 1
              - name: two
            """,
            tree -> {
              at(tree, "/spec").remove("b");
              at(tree, "/spec").remove("c");
              at(tree, "/spec/d").remove("f");
              at(tree, "/items/0").remove("name");
            });

    assertThat(after)
        .isEqualTo(
            """
            spec:
              # About a.
              a: 1 # one
              # About c.

              d: {e: 1, g: 3}
            items:
              - value: 1
              - name: two
            """);
  }

  @Test
  void a_file_with_windows_line_ends_keeps_them() {
    String after =
        edited(
            "spec:\r\n  a: 1\r\n", tree -> at(tree, "/spec").putArray("b").add("x").add("y\nz\n"));

    assertThat(after).isEqualTo("spec:\r\n  a: 1\r\n  b:\r\n  - x\r\n  - |\r\n    y\r\n    z\r\n");
  }

  @Test
  void a_file_that_ends_within_a_line_still_does() {
    assertThat(edited("a: 1\nb:\n  c: 2", tree -> at(tree, "/b").put("d", 3)))
        .isEqualTo("a: 1\nb:\n  c: 2\n  d: 3");
  }

  @Test
  void numbers_that_are_not_edited_keep_their_spelling() {
    String numbers =
        """
        a: 1e400
        b: 123456789012345678901234567890
        c: 1.0
        d: 1.10
        e: -0.0
        f: 0x1F
        g: 0o17
        h: 1_000
        i: 0777
        j: ~
        k: Yes
        """;

    assertThat(edited(numbers, tree -> tree.put("new", 1.5))).isEqualTo(numbers + "new: 1.5\n");
  }

  @Test
  void an_alias_is_written_out_when_the_text_that_it_stands_for_is_edited() {
    String after =
        edited(
            """
            base: &base
              - name: A # common
            first: *base
            second: &second {keep: 1}
            third: *second
            """,
            tree -> tree.withArray("/base").addObject().put("name", "B"));

    assertThat(after)
        .as("what the aliases mean has not changed, and untouched anchors stay")
        .isEqualTo(
            """
            base: &base
              - name: A # common
              - name: B
            first:
              - name: A
            second: &second {keep: 1}
            third: *second
            """);
  }

  @Test
  void an_edit_behind_an_alias_leaves_the_text_that_it_stands_for_alone() {
    String after =
        edited(
            """
            one: &env
              - name: A
            two: *env # the same
            """,
            tree -> tree.withArray("/two").addObject().put("name", "B"));

    assertThat(after)
        .isEqualTo(
            """
            one: &env
              - name: A
            two: # the same
              - name: A
              - name: B
            """);
  }

  @Test
  void a_merged_value_is_overridden_where_the_merge_is() {
    String after =
        edited(
            """
            defaults: &defaults {image: web, pull: Always}
            app:
              <<: *defaults
              name: app
            """,
            tree -> at(tree, "/app").put("pull", "Never"));

    assertThat(after)
        .isEqualTo(
            """
            defaults: &defaults {image: web, pull: Always}
            app:
              <<: *defaults
              name: app
              pull: Never
            """);
  }

  @Test
  void a_merged_value_that_is_removed_costs_the_merge() {
    String after =
        edited(
            """
            defaults: &defaults {image: web, pull: Always}
            app:
              <<: *defaults
              name: app # its name
            """,
            tree -> at(tree, "/app").remove("pull"));

    assertThat(after)
        .isEqualTo(
            """
            defaults: &defaults {image: web, pull: Always}
            app:
              image: web
              name: app
            """);
  }

  @Test
  void json_stays_json_in_the_layout_that_it_has() {
    String tabs =
        """
        {
        \t"kind": "Pod",
        \t"size": 1.10,
        \t"list": [],
        \t"one": {"a": 1}
        }
        """;

    assertThat(
            edited(
                tabs,
                tree -> {
                  tree.withArray("/list").addObject().put("name", "x").put("yes", true);
                  at(tree, "/one").put("b", 2);
                  tree.put("last", "\u00e9");
                }))
        .isEqualTo(
            """
            {
            \t"kind": "Pod",
            \t"size": 1.10,
            \t"list": [
            \t\t{
            \t\t\t"name": "x",
            \t\t\t"yes": true
            \t\t}
            \t],
            \t"one": {"a": 1, "b": 2},
            \t"last": "\u00e9"
            }
            """);
    assertThat(edited("{\"a\":[1,2,3],\"b\":null}", tree -> tree.withArray("/a").add(4).remove(1)))
        .isEqualTo("{\"a\":[1,3,4],\"b\":null}");
  }

  @Test
  void an_item_in_a_long_list_that_was_changed_is_found_by_its_name() {
    String after =
        edited(
            """
            containers:
            - name: app # the app
              image: app
            - name: proxy # the proxy
              image: proxy
            """,
            tree -> {
              tree.withArray("/containers").insertObject(0).put("name", "agent");
              at(tree, "/containers/1").put("command", "run");
              at(tree, "/containers/2").put("command", "run");
            });

    assertThat(after)
        .isEqualTo(
            """
            containers:
            - name: agent
            - name: app # the app
              image: app
              command: run
            - name: proxy # the proxy
              image: proxy
              command: run
            """);
  }

  @Test
  void what_cannot_be_spliced_is_written_anew_between_the_comments_around_it() {
    String after =
        edited(
            """
            # Before.
            --- # The document.
            {a: 1}
            # After.
            """,
            tree -> {
              tree.removeAll();
              tree.put("b", "2");
            });

    assertThat(after)
        .isEqualTo(
            """
            # Before.
            --- # The document.
            {"b": "2"}
            # After.
            """);
  }

  @Test
  void a_value_that_json_has_not_cannot_be_written() {
    assertThatThrownBy(() -> edited("a: 1\n", tree -> tree.put("a", Double.NaN)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("JSON and Kubernetes have no number NaN");
  }

  @Test
  void a_merged_or_aliased_value_is_found_where_it_is_written() {
    Document document =
        Documents.read(
                "app.yaml",
                """
                base: &base
                  image: web
                app:
                  <<: *base
                other: *base
                """)
            .list()
            .getFirst();

    assertThat(document.position(JsonPointer.compile("/app/image"))).hasToString("2:10");
    assertThat(document.position(JsonPointer.compile("/other/image"))).hasToString("2:3");
    assertThat(document.position(JsonPointer.compile("/none"))).hasToString("1:1");
  }
}
