package io.otelgraft.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Json;
import io.otelgraft.fixtures.ApiServerStandIn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ApiServerTest {
  private static final ApiResource WIDGETS =
      ApiResource.namespaced("example.com", "v1", "widgets", "Widget");

  private final ApiServerStandIn standIn = new ApiServerStandIn();

  @TempDir private Path folder;
  private ApiServer server;

  @BeforeEach
  void connect() throws IOException {
    server = ApiServer.connect(Optional.of(standIn.kubeconfig(folder)));
  }

  @AfterEach
  void close() {
    server.close();
    standIn.close();
  }

  private static ObjectNode tree(String json) {
    return Json.read(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void an_object_comes_with_the_fields_that_no_typed_model_knows() {
    String object =
        "{\"kind\":\"Widget\",\"metadata\":{\"name\":\"w\"},\"spec\":{\"new\":1.10,\"none\":null}}";
    standIn.on("GET /apis/example.com/v1/namespaces/shop/widgets/w", 200, object);

    assertThat(server.get(WIDGETS, "shop", "w")).contains(tree(object));
  }

  @Test
  void an_object_that_is_not_there_is_none() {
    assertThat(server.get(WIDGETS, "shop", "w")).isEmpty();
    assertThat(server.delete(WIDGETS, "shop", "w")).isFalse();
  }

  @Test
  void all_pages_of_a_list_are_read() {
    standIn.on(
        "GET /api/v1/nodes?limit=500",
        200,
        "{\"metadata\":{\"continue\":\"next\"},\"items\":[{\"metadata\":{\"name\":\"a\"}}]}");
    standIn.on(
        "GET /api/v1/nodes", 200, "{\"metadata\":{},\"items\":[{\"metadata\":{\"name\":\"b\"}}]}");

    assertThat(nodes()).containsExactly("a", "b");
  }

  @Test
  void a_list_whose_pages_have_expired_goes_on_where_it_was_and_tells_nothing_twice() {
    standIn.on(
        "GET /api/v1/nodes?limit=500",
        200,
        "{\"metadata\":{\"continue\":\"old\"},\"items\":[{\"metadata\":{\"name\":\"a\"}}]}");
    for (String old : List.of("limit=500&continue=old", "continue=old&limit=500")) {
      standIn.on(
          "GET /api/v1/nodes?" + old,
          410,
          "{\"kind\":\"Status\",\"metadata\":{\"continue\":\"anew\"},\"code\":410,\"reason\":\"Expired\"}");
    }
    standIn.on("GET /api/v1/nodes", 200, "{\"items\":[{\"metadata\":{\"name\":\"b\"}}]}");

    assertThat(nodes()).containsExactly("a", "b");
    assertThat(standIn.asked()).hasSize(3).last().asString().contains("continue=anew");
  }

  @Test
  void a_list_that_has_expired_and_cannot_go_on_fails() {
    standIn.on(
        "GET /api/v1/nodes",
        410,
        "{\"kind\":\"Status\",\"metadata\":{},\"code\":410,\"message\":\"too old\"}");

    assertThatThrownBy(this::nodes)
        .isInstanceOf(RequestFailure.class)
        .hasMessage("GET /api/v1/nodes: 410, too old");
    assertThat(standIn.asked()).hasSize(1);
  }

  private List<String> nodes() {
    List<String> names = new ArrayList<>();
    server.each(
        ApiResource.NODES, "", node -> names.add(node.path("metadata").path("name").asText()));
    return names;
  }

  @Test
  void what_is_applied_is_graft_s_whoever_owned_it_before() {
    ObjectNode widget =
        tree("{\"metadata\":{\"namespace\":\"shop\",\"name\":\"w\"},\"spec\":{\"a\":1}}");
    String path = "PATCH /apis/example.com/v1/namespaces/shop/widgets/w";
    standIn.on(path, 200, "{}");

    server.apply(WIDGETS, widget);

    assertThat(standIn.asked())
        .hasSize(1)
        .allSatisfy(
            asked -> assertThat(asked).contains("fieldManager=graft").contains("force=true"));
    assertThat(standIn.bodies())
        .hasSize(1)
        .allSatisfy(body -> assertThat(tree(body)).isEqualTo(widget));
  }

  @Test
  void a_refusal_says_what_was_asked_and_what_the_api_server_said() {
    standIn.on(
        "POST /apis/example.com/v1/namespaces/shop/widgets?fieldManager=graft",
        403,
        "{\"kind\":\"Status\",\"message\":\"widgets.example.com is forbidden\"}");

    assertThatThrownBy(() ->
            server.create(WIDGETS, tree("{\"metadata\":{\"namespace\":\"shop\",\"name\":\"w\"}}")))
        .isInstanceOf(RequestFailure.class)
        .hasMessage(
            "POST /apis/example.com/v1/namespaces/shop/widgets: 403, widgets.example.com is forbidden");
  }

  @Test
  void an_api_server_that_is_not_there_is_named() {
    standIn.close();

    assertThatThrownBy(() -> server.version())
        .isInstanceOfSatisfying(
            RequestFailure.class, failure -> assertThat(failure.isUnanswered()).isTrue())
        .hasMessageStartingWith(
            "GET /version: http://127.0.0.1:" + standIn.port() + " does not answer: ");
  }

  @Test
  void a_kubeconfig_that_is_none_is_named() throws IOException {
    Path file = Files.writeString(folder.resolve("broken"), "clusters: 5");

    assertThatThrownBy(() -> ApiServer.connect(Optional.of(file)))
        .isInstanceOf(RequestFailure.class)
        .hasMessageStartingWith(file + " does not say how to reach an API server: ");
    assertThatThrownBy(() -> ApiServer.connect(Optional.of(folder.resolve("none"))))
        .isInstanceOf(RequestFailure.class)
        .hasMessageStartingWith(folder.resolve("none") + " does not say how to reach");
  }
}
