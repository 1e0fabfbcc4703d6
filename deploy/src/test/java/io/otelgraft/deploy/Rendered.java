package io.otelgraft.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.core.document.Document;
import io.otelgraft.core.document.Documents;
import java.util.ArrayList;
import java.util.List;

/**
 * What the chart becomes with some values.
 *
 * @param objects the objects of the release
 * @param hooks the objects that Helm makes and deletes at its own times
 */
record Rendered(List<JsonNode> objects, List<JsonNode> hooks) {

  /** Renders the chart with options such as {@code --set}. */
  static Rendered with(String... options) {
    Helm.Run run = Helm.template(options);
    assertThat(run.exit()).as(run.err()).isZero();
    return of(run.out());
  }

  /** Reads the objects of a text. */
  static Rendered of(String text) {
    List<JsonNode> objects = new ArrayList<>();
    List<JsonNode> hooks = new ArrayList<>();
    for (Document document : Documents.read("rendered", text).list()) {
      JsonNode object = document.tree();
      boolean hook = object.path("metadata").path("annotations").has("helm.sh/hook");
      (hook ? hooks : objects).add(object);
    }
    return new Rendered(objects, hooks);
  }

  /** The objects of a kind. */
  List<JsonNode> all(String kind) {
    return objects.stream().filter(object -> object.path("kind").asText().equals(kind)).toList();
  }

  /** The one object of a kind with a name. */
  JsonNode one(String kind, String name) {
    List<JsonNode> found = all(kind).stream().filter(object -> name(object).equals(name)).toList();
    assertThat(found).as("%s %s among %s", kind, name, names()).hasSize(1);
    return found.getFirst();
  }

  /** The one object of a kind. */
  JsonNode one(String kind) {
    List<JsonNode> found = all(kind);
    assertThat(found).as("%s among %s", kind, names()).hasSize(1);
    return found.getFirst();
  }

  /** The hook of a kind. */
  JsonNode hook(String kind) {
    List<JsonNode> found =
        hooks.stream().filter(object -> object.path("kind").asText().equals(kind)).toList();
    assertThat(found).as("hooks: %s", kind).hasSize(1);
    return found.getFirst();
  }

  /** Kind and name of each object. */
  List<String> names() {
    return objects.stream()
        .map(object -> object.path("kind").asText() + " " + name(object))
        .toList();
  }

  /** The webhook of a name, in whichever configuration. */
  JsonNode webhook(String name) {
    for (JsonNode object : objects) {
      for (JsonNode webhook : object.path("webhooks")) {
        if (webhook.path("name").asText().equals(name)) {
          return webhook;
        }
      }
    }
    throw new AssertionError("no webhook " + name + " in " + names());
  }

  /** Graft's settings, as the ConfigMap has them. */
  String settings() {
    return all("ConfigMap").getFirst().path("data").path("settings.yaml").asText();
  }

  /** The container of Graft. */
  JsonNode container() {
    return one("Deployment").at("/spec/template/spec/containers/0");
  }

  static String name(JsonNode object) {
    return object.path("metadata").path("name").asText();
  }
}
