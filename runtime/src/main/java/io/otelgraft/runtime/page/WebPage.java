package io.otelgraft.runtime.page;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpFeature;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.otelgraft.core.document.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The web page: plugins, Instrumentations and the latest decisions, for people at {@code /} and for
 * programs at {@code /api/}. It is read only: nothing but GET is answered.
 *
 * <p>There is no login, so it listens on the loopback interface unless it is told otherwise. There,
 * a request has to name that interface as its host: a site in the user's browser whose name comes
 * to stand for 127.0.0.1 (DNS rebinding) reads nothing. No other site may read, embed or link into
 * it, and the page loads nothing from elsewhere and runs no script but its own.
 */
public final class WebPage implements HttpFeature {

  /** What no answer is without. */
  private static final List<Header> HEADERS =
      List.of(
          HeaderValues.createCached(
              "Content-Security-Policy",
              "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                  + " connect-src 'self'; form-action 'self'; base-uri 'none';"
                  + " frame-ancestors 'none'; require-trusted-types-for 'script';"
                  + " trusted-types 'none'"),
          HeaderValues.createCached("X-Content-Type-Options", "nosniff"),
          HeaderValues.createCached("Referrer-Policy", "no-referrer"),
          HeaderValues.createCached("Cross-Origin-Resource-Policy", "same-origin"),
          HeaderValues.createCached("Cross-Origin-Opener-Policy", "same-origin"),
          HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-store"));

  private static final Header HTML = contentType("text/html; charset=utf-8");
  private static final Header JSON = contentType("application/json");
  private static final Header TEXT = contentType("text/plain; charset=utf-8");

  private final Decisions decisions;
  private final Inventory inventory;

  /**
   * A page over what there is.
   *
   * @param decisions the latest decisions
   * @param inventory plugins and Instrumentations
   */
  public WebPage(Decisions decisions, Inventory inventory) {
    this.decisions = decisions;
    this.inventory = inventory;
  }

  private static Header contentType(String type) {
    return HeaderValues.createCached(HeaderNames.CONTENT_TYPE, type);
  }

  @Override
  public void setup(HttpRouting.Builder routing) {
    routing
        .addFilter(this::guard)
        .get("/", this::home)
        .get("/decisions/{id}", this::decision)
        .get("/api/plugins", json(() -> PageJson.plugins(inventory.catalogue().get())))
        .get("/api/instrumentations", json(() -> PageJson.instrumentations(inventory)))
        .get("/api/decisions", this::decisionsAsJson)
        .get("/api/decisions/{id}", this::decisionAsJson)
        .get("/page.css", resource("page.css", contentType("text/css; charset=utf-8")))
        .get("/page.js", resource("page.js", contentType("text/javascript; charset=utf-8")))
        .get("/icon.svg", resource("icon.svg", contentType("image/svg+xml")))
        .any((request, response) ->
            send(
                response.status(Status.NOT_FOUND_404),
                MessagePage.of("Not found", "There is nothing at this address.")));
  }

  private void guard(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    HEADERS.forEach(response::header);
    if (!request.prologue().method().equals(Method.GET)) {
      response
          .status(Status.METHOD_NOT_ALLOWED_405)
          .header(HeaderNames.ALLOW, "GET")
          .header(TEXT)
          .send("this page can only be read: GET\n");
    } else if (isOnLoopback(request) && !isLocal(request.authority())) {
      response
          .status(Status.FORBIDDEN_403)
          .header(TEXT)
          .send("this page is for this machine: call it by localhost, 127.0.0.1 or [::1]\n");
    } else {
      chain.proceed();
    }
  }

  /** Whether it is listened on the loopback interface only. */
  private static boolean isOnLoopback(ServerRequest request) {
    return request.listenerContext().config().address().isLoopbackAddress();
  }

  /** Whether a request's host is this machine by a name that nobody else can give out. */
  static boolean isLocal(String authority) {
    int port = authority.lastIndexOf(':');
    String host = port > authority.lastIndexOf(']') ? authority.substring(0, port) : authority;
    return host.toLowerCase(Locale.ROOT).equals("localhost")
        || host.equals("[::1]")
        || isIpv4Loopback(host);
  }

  private static boolean isIpv4Loopback(String host) {
    String[] parts = host.split("\\.", -1);
    return parts.length == 4
        && parts[0].equals("127")
        && List.of(parts).stream()
            .allMatch(part -> !part.isEmpty() && part.chars().allMatch(c -> c >= '0' && c <= '9'));
  }

  private void home(ServerRequest request, ServerResponse response) {
    DecisionFilter filter;
    try {
      filter = DecisionFilter.of(request.query());
    } catch (IllegalArgumentException e) {
      send(response.status(Status.BAD_REQUEST_400), MessagePage.of("Not a filter", e.getMessage()));
      return;
    }
    send(response, HomePage.of(filter, decisions, inventory));
  }

  private void decision(ServerRequest request, ServerResponse response) {
    Optional<Kept> kept = kept(request);
    if (kept.isPresent()) {
      send(response, DecisionPage.of(kept.get()));
    } else {
      send(
          response.status(Status.NOT_FOUND_404),
          MessagePage.of(
              "No longer here",
              "This decision is not kept any more: only the latest ones are, and none over a"
                  + " restart."));
    }
  }

  private void decisionsAsJson(ServerRequest request, ServerResponse response) {
    try {
      DecisionFilter filter = DecisionFilter.of(request.query());
      send(response, PageJson.decisions(decisions.counts(), decisions.latest(filter)));
    } catch (IllegalArgumentException e) {
      send(response.status(Status.BAD_REQUEST_400), error(e.getMessage()));
    }
  }

  private void decisionAsJson(ServerRequest request, ServerResponse response) {
    Optional<Kept> kept = kept(request);
    if (kept.isPresent()) {
      send(response, PageJson.details(kept.get()));
    } else {
      send(response.status(Status.NOT_FOUND_404), error("this decision is not kept any more"));
    }
  }

  private Optional<Kept> kept(ServerRequest request) {
    try {
      return decisions.find(Long.parseLong(request.path().pathParameters().get("id")));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static ObjectNode error(String message) {
    return JsonNodeFactory.instance.objectNode().put("error", message);
  }

  private static Handler json(Supplier<ObjectNode> content) {
    return (_, response) -> send(response, content.get());
  }

  private static Handler resource(String name, Header type) {
    byte[] content = read(name);
    return (_, response) -> response.header(type).send(content);
  }

  private static byte[] read(String name) {
    try (InputStream in = WebPage.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void send(ServerResponse response, Html page) {
    response.header(HTML).send(page.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static void send(ServerResponse response, ObjectNode json) {
    response.header(JSON).send(Json.pretty(json).getBytes(StandardCharsets.UTF_8));
  }
}
