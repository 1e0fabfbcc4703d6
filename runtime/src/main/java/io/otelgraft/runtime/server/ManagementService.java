package io.otelgraft.runtime.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.otelgraft.core.document.Json;
import io.otelgraft.runtime.server.Health.State;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Answers the probes of the kubelet, and who collects metrics. A probe is answered as the API
 * server answers the same paths: a line for each check, or JSON for who accepts that and no text.
 *
 * @see <a href="https://kubernetes.io/docs/reference/using-api/health-checks/">Kubernetes API
 *     health endpoints</a>
 */
final class ManagementService implements HttpService {

  private static final Header NO_STORE =
      HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-store");
  private static final Header TEXT =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
  private static final Header JSON =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");

  private final Management management;

  ManagementService(Management management) {
    this.management = management;
  }

  @Override
  public void routing(HttpRules rules) {
    rules.get("/livez", probe("livez", management.liveness()));
    rules.get("/readyz", probe("readyz", management.readiness()));
    rules.get("/metrics", this::metrics);
  }

  private record Checked(String name, Health health) {

    static Checked of(HealthCheck check) {
      try {
        return new Checked(check.name(), check.health());
      } catch (RuntimeException e) {
        return new Checked(check.name(), Health.failed("the check itself failed: " + e));
      }
    }

    boolean failed() {
      return health.state() == State.FAILED;
    }
  }

  private static Handler probe(String name, List<HealthCheck> checks) {
    return (request, response) -> {
      List<Checked> checked = new ArrayList<>(checks.size());
      checks.forEach(check -> checked.add(Checked.of(check)));
      boolean failed = checked.stream().anyMatch(Checked::failed);
      boolean json = wantsJson(request);
      response
          .status(failed ? Status.SERVICE_UNAVAILABLE_503 : Status.OK_200)
          .header(NO_STORE)
          .header(json ? JSON : TEXT)
          .send(json ? json(checked, failed) : text(name, checked, failed));
    };
  }

  /** Whoever accepts anything, as the kubelet and curl do, gets text. */
  private static boolean wantsJson(ServerRequest request) {
    return request
        .headers()
        .bestAccepted(MediaTypes.TEXT_PLAIN, MediaTypes.APPLICATION_JSON)
        .filter(MediaTypes.APPLICATION_JSON::equals)
        .isPresent();
  }

  private static byte[] text(String name, List<Checked> checked, boolean failed) {
    StringBuilder text = new StringBuilder();
    for (Checked check : checked) {
      String message = check.health.message();
      text.append(check.failed() ? "[-]" : "[+]")
          .append(check.name)
          .append(check.failed() ? " failed" : " ok")
          .append(message.isEmpty() ? "" : ": ")
          .append(message.replaceAll("\\s*\\R\\s*", " "))
          .append('\n');
    }
    text.append(name).append(failed ? " check failed\n" : " check passed\n");
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] json(List<Checked> checked, boolean failed) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    tree.put("status", failed ? "failed" : "ok");
    ArrayNode checks = tree.putArray("checks");
    for (Checked check : checked) {
      ObjectNode item = checks.addObject().put("name", check.name);
      item.put("status", check.health.state().name().toLowerCase(Locale.ROOT));
      if (!check.health.message().isEmpty()) {
        item.put("message", check.health.message());
      }
    }
    return Json.write(tree);
  }

  private void metrics(ServerRequest request, ServerResponse response) {
    Scrape scrape = management.metrics().get();
    response
        .header(NO_STORE)
        .header(HeaderNames.CONTENT_TYPE, scrape.contentType())
        .send(scrape.body());
  }
}
