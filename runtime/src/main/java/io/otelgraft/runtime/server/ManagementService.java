package io.otelgraft.runtime.server;

import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import java.util.function.BooleanSupplier;

/** Answers the probes of the kubelet. */
final class ManagementService implements HttpService {

  private final BooleanSupplier draining;

  /**
   * Answers that it is ready until this is so.
   *
   * @param draining whether the server is about to stop
   */
  ManagementService(BooleanSupplier draining) {
    this.draining = draining;
  }

  @Override
  public void routing(HttpRules rules) {
    rules.get("/livez", (_, response) -> response.send("ok\n"));
    rules.get(
        "/readyz",
        (_, response) -> {
          if (draining.getAsBoolean()) {
            response.status(Status.SERVICE_UNAVAILABLE_503).send("stopping\n");
          } else {
            response.send("ok\n");
          }
        });
  }
}
