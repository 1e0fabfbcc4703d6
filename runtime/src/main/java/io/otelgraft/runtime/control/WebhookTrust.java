package io.otelgraft.runtime.control;

import static java.lang.System.Logger.Level.INFO;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.cluster.ApiResource;
import io.otelgraft.cluster.ApiServer;
import io.otelgraft.runtime.tls.IssuedCertificates;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;

/**
 * That the API servers trust the certificate of the webhooks: {@code caBundle} of the webhook
 * configurations, also when somebody else resets it. All else in them is theirs who made them.
 */
final class WebhookTrust implements Duty {

  private static final System.Logger LOG = System.getLogger(WebhookTrust.class.getName());

  private static final List<ApiResource> KINDS =
      List.of(ApiResource.MUTATING_WEBHOOKS, ApiResource.VALIDATING_WEBHOOKS);

  private final ApiServer server;
  private final List<String> configurations;
  private final String namespace;
  private final String service;
  private final Supplier<IssuedCertificates> certificates;

  /**
   * @param configurations their names; of each kind there may be one
   * @param namespace that of the Service
   * @param service through which the webhooks are reached that are meant
   */
  WebhookTrust(
      ApiServer server,
      List<String> configurations,
      String namespace,
      String service,
      Supplier<IssuedCertificates> certificates) {
    this.server = server;
    this.configurations = List.copyOf(configurations);
    this.namespace = namespace;
    this.service = service;
    this.certificates = certificates;
  }

  @Override
  public String name() {
    return "caBundle of the webhook configurations";
  }

  @Override
  public void fulfil(boolean leads) {
    if (!leads) {
      return;
    }
    String trusted =
        Base64.getEncoder()
            .encodeToString(certificates.get().trusted().getBytes(StandardCharsets.US_ASCII));
    for (ApiResource kind : KINDS) {
      for (String name : configurations) {
        server.get(kind, "", name).ifPresent(found -> trust(kind, found, trusted));
      }
    }
  }

  private void trust(ApiResource kind, ObjectNode found, String trusted) {
    ArrayNode webhooks = JsonNodeFactory.instance.arrayNode();
    boolean differs = false;
    for (JsonNode webhook : found.path("webhooks")) {
      JsonNode client = webhook.path("clientConfig");
      if (client.path("service").path("name").asText().equals(service)
          && client.path("service").path("namespace").asText().equals(namespace)) {
        differs |= !client.path("caBundle").asText().equals(trusted);
        webhooks
            .addObject()
            .put("name", webhook.path("name").asText())
            .putObject("clientConfig")
            .put("caBundle", trusted);
      }
    }
    if (differs) {
      String name = found.path("metadata").path("name").asText();
      ObjectNode applied = JsonNodeFactory.instance.objectNode();
      applied.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
      applied.putObject("metadata").put("name", name);
      applied.set("webhooks", webhooks);
      server.apply(kind, applied);
      LOG.log(INFO, kind.kind() + " " + name + ": the API servers trust the certificate now");
    }
  }
}
