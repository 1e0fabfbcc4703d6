package io.otelgraft.runtime.server;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;

/** Answers the probes of the kubelet. */
final class ManagementService implements HttpService {

  @Override
  public void routing(HttpRules rules) {
    rules.get("/livez", (_, response) -> response.send("ok\n"));
    rules.get("/readyz", (_, response) -> response.send("ok\n"));
  }
}
