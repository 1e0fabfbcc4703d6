package io.otelgraft.runtime.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.otelgraft.core.document.Json;
import io.otelgraft.runtime.server.RawClient;
import io.otelgraft.runtime.server.RawClient.Response;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WebPageTest {
  private static final String HOSTILE = "<img src=x onerror=\"alert('1')\">";

  private final Scene scene = new Scene();
  private final Decisions decisions = new Decisions();
  private WebServer server = start("127.0.0.1");

  private WebServer start(String address) {
    return WebServer.builder()
        .shutdownHook(false)
        .host(address)
        .port(0)
        .routing(HttpRouting.builder().addFeature(new WebPage(decisions, scene.inventory())))
        .build()
        .start();
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  private Response send(String method, String path, String host) throws IOException {
    try (RawClient client = new RawClient(server.port())) {
      return client
          .send("%s %s HTTP/1.1\r\nHost: %s\r\n\r\n".formatted(method, path, host))
          .response();
    }
  }

  private static JsonNode json(Response response) {
    return Json.read(response.body().getBytes(UTF_8));
  }

  private Response get(String path) throws IOException {
    return send("GET", path, "localhost:8081");
  }

  @Test
  void the_page_has_plugins_instrumentations_and_decisions_without_any_script() throws IOException {
    decisions.answered(scene.decide(Scene.pod("cart", "true")));
    decisions.answered(scene.decide(Scene.plain("plain")));

    Response page = get("/");

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body())
        .contains("Pod shop/cart</a>", "injected quill into app by shop/standard")
        .contains("asked for nothing</dt><dd>1<")
        .contains("shop/standard", "batch/broken", "is not one of enforce, observe")
        .contains("<code>quill</code>", "example.com/quill:1.2");
    assertThat(page.body()).doesNotContain("plain");
  }

  @Test
  void what_comes_from_elsewhere_stays_text() throws IOException {
    decisions.answered(scene.decide(Scene.pod(HOSTILE, HOSTILE)));
    decisions.answered(scene.decide(Scene.pod(HOSTILE, "true")));

    List<Kept> kept = decisions.latest(_ -> true);
    assertThat(kept).hasSize(2);
    for (String path :
        List.of(
            "/",
            "/decisions/" + kept.getFirst().id(),
            "/decisions/" + kept.getLast().id(),
            "/?text=%22%3E%3Cimg%20src%3Dx%3E",
            "/?outcome=%3Cimg%20src%3Dx%3E")) {
      assertThat(get(path).body())
          .contains("&lt;img src=x")
          .doesNotContain("<img", "<u>", "<b>sometimes", "<i>Ink", "<secret>");
    }
  }

  @Test
  void no_other_site_can_read_embed_or_feed_the_page() throws IOException {
    for (String path : List.of("/", "/api/decisions", "/decisions/1", "/page.js", "/nowhere")) {
      Map<String, String> headers = get(path).headers();
      assertThat(headers)
          .containsEntry("x-content-type-options", "nosniff")
          .containsEntry("referrer-policy", "no-referrer")
          .containsEntry("cross-origin-resource-policy", "same-origin")
          .containsEntry("cache-control", "no-store")
          .doesNotContainKey("access-control-allow-origin");
      assertThat(headers.get("content-security-policy"))
          .contains("default-src 'none'; script-src 'self'; style-src 'self'")
          .contains("frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "graft.example",
        "localhost.example",
        "127.0.0.1.example",
        "127.0.0.1.example:8081",
        "10.0.0.1",
        "127.evil.0.1",
        "[::1].example",
        "[fe80::1]",
        ""
      })
  void on_loopback_a_host_that_somebody_else_may_give_out_is_refused(String host)
      throws IOException {
    assertThat(send("GET", "/api/decisions", host).status()).isIn(400, 403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST:8081",
        "127.0.0.1:8081",
        "127.0.0.53",
        "[::1]",
        "[::1]:8081"
      })
  void on_loopback_this_machine_is_called_by_its_own_names(String host) throws IOException {
    assertThat(send("GET", "/", host).status()).isEqualTo(200);
  }

  @Test
  void where_others_are_let_in_it_has_whatever_name_they_gave_it() throws IOException {
    server.stop();
    server = start("0.0.0.0");

    assertThat(send("GET", "/", "graft.example").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
  void nothing_but_GET_is_answered(String method) throws IOException {
    Response response = send(method, "/", "localhost");

    assertThat(response.status()).isEqualTo(405);
    assertThat(response.headers()).containsEntry("allow", "GET");
  }

  @Test
  void the_API_gives_plugins_and_instrumentations_with_their_problems() throws IOException {
    JsonNode plugins = json(get("/api/plugins"));
    JsonNode resources = json(get("/api/instrumentations"));

    assertThat(plugins.at("/loaded/0/id").asText()).isEqualTo("quill");
    assertThat(plugins.at("/loaded/0/setAside").isBoolean()).isTrue();
    assertThat(plugins.path("refused").isArray()).isTrue();
    assertThat(resources.at("/instrumentations/0/state").asText()).isEqualTo("invalid");
    assertThat(resources.at("/instrumentations/0/problems/0/place").asText())
        .startsWith("scene.yaml:");
    assertThat(resources.at("/instrumentations/1/name").asText()).isEqualTo("standard");
    assertThat(resources.at("/instrumentations/1/generation").asInt()).isEqualTo(3);
    assertThat(resources.at("/unreadable/0").asText()).contains("broken");
  }

  @Test
  void the_API_gives_what_is_newer_than_an_id_and_all_about_one() throws IOException {
    decisions.answered(scene.decide(Scene.pod("first", "true")));
    long first = decisions.latest(_ -> true).getFirst().id();
    decisions.answered(scene.decide(Scene.pod("second", "true")));

    JsonNode newer = json(get("/api/decisions?after=" + first));
    assertThat(newer.path("decisions")).hasSize(1);
    assertThat(newer.at("/counts/injected").asInt()).isEqualTo(2);
    JsonNode second = json(get("/api/decisions/" + newer.at("/decisions/0/id").asLong()));
    assertThat(second.path("name").asText()).isEqualTo("second");
    assertThat(second.path("edits")).isNotEmpty();
    assertThat(second.path("explanation").asText()).contains("QUILL_OPTIONS");
    assertThat(second.path("diff").asText()).startsWith("--- pod.yaml\n");
  }

  @Test
  void decisions_are_filtered_by_outcome_namespace_and_text() throws IOException {
    decisions.answered(scene.decide(Scene.pod("cart", "true")));
    decisions.answered(scene.decide(Scene.pod("basket", "nowhere")));

    assertThat(names("")).containsExactly("basket", "cart");
    assertThat(names("outcome=rejected")).containsExactly("basket");
    assertThat(names("outcome=rejected&text=CART")).isEmpty();
    assertThat(names("namespace=sho")).hasSize(2);
    assertThat(names("namespace=other")).isEmpty();
    assertThat(names("text=NOWHERE")).containsExactly("basket");
    assertThat(names("text=quill&outcome=injected")).containsExactly("cart");
    assertThat(get("/?outcome=rejected").body())
        .contains("Pod shop/basket", "value=\"rejected\" selected")
        .doesNotContain("Pod shop/cart");
  }

  private List<String> names(String query) throws IOException {
    return json(get("/api/decisions?" + query)).path("decisions").findValuesAsText("name");
  }

  @Test
  void a_query_that_makes_no_sense_is_answered_with_what_would() throws IOException {
    assertThat(get("/api/decisions?outcome=x").status()).isEqualTo(400);
    assertThat(json(get("/api/decisions?outcome=x")).path("error").asText())
        .isEqualTo("outcome is \"x\", not one of unchanged, injected, observed, rejected");
    assertThat(get("/?after=soon").status()).isEqualTo(400);
  }

  @Test
  void what_is_not_there_is_said_so() throws IOException {
    assertThat(get("/decisions/12").status()).isEqualTo(404);
    assertThat(get("/decisions/12").body()).contains("not kept any more");
    assertThat(get("/decisions/x").status()).isEqualTo(404);
    assertThat(get("/api/decisions/12").status()).isEqualTo(404);
    assertThat(get("/nowhere").status()).isEqualTo(404);
  }

  @Test
  void it_is_small_and_asks_nobody_else_for_anything() throws IOException {
    int size = 0;
    for (String path : List.of("/", "/page.css", "/page.js", "/icon.svg")) {
      String body = get(path).body();
      size += body.length();
      assertThat(body.replace("http://www.w3.org/2000/svg", ""))
          .doesNotContain("http:", "https:", "\"//", "url(", "@import");
    }
    assertThat(size).isLessThan(30_000);
  }
}
