package io.otelgraft.runtime.control;

import static java.lang.System.Logger.Level.INFO;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.cluster.ApiResource;
import io.otelgraft.cluster.ApiServer;
import io.otelgraft.runtime.server.Health;
import io.otelgraft.runtime.server.HealthCheck;
import io.otelgraft.runtime.tls.IssuedCertificates;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * That the API servers trust the certificate of the webhooks: {@code caBundle} of the webhook
 * configurations, also when somebody else resets it. All else in them is theirs who made them.
 *
 * <p>Until that was so once, a replica is not ready: no review would reach it. Afterwards no
 * replica is taken out of service for it.
 */
final class WebhookTrust implements Duty, HealthCheck {

  private static final System.Logger LOG = System.getLogger(WebhookTrust.class.getName());

  private static final List<ApiResource> KINDS =
      List.of(ApiResource.MUTATING_WEBHOOKS, ApiResource.VALIDATING_WEBHOOKS);

  private final ApiServer server;
  private final List<String> configurations;
  private final String namespace;
  private final String service;
  private final Supplier<IssuedCertificates> certificates;
  private volatile boolean established;

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
    return "caBundle";
  }

  @Override
  public void fulfil(boolean leads) {
    if (!leads && established) {
      return;
    }
    String trusted =
        Base64.getEncoder()
            .encodeToString(certificates.get().trusted().getBytes(StandardCharsets.US_ASCII));
    boolean all = true;
    for (ApiResource kind : KINDS) {
      for (String name : configurations) {
        Optional<ObjectNode> found = server.get(kind, "", name);
        if (found.isPresent() && !isTrusted(found.get(), trusted)) {
          if (leads) {
            trust(kind, found.get(), trusted);
          } else {
            all = false;
          }
        }
      }
    }
    established |= all;
  }

  @Override
  public Health health() {
    return established
        ? Health.OK
        : Health.failed(
            "the webhook configurations %s do not trust the certificate yet; the replica that leads"
                    .formatted(String.join(", ", configurations))
                + " sees to that");
  }

  private boolean isOurs(JsonNode webhook) {
    JsonNode of = webhook.path("clientConfig").path("service");
    return of.path("name").asText().equals(service)
        && of.path("namespace").asText().equals(namespace);
  }

  private boolean isTrusted(ObjectNode configuration, String trusted) {
    for (JsonNode webhook : configuration.path("webhooks")) {
      if (isOurs(webhook)
          && !webhook.path("clientConfig").path("caBundle").asText().equals(trusted)) {
        return false;
      }
    }
    return true;
  }

  private void trust(ApiResource kind, ObjectNode found, String trusted) {
    ObjectNode applied = JsonNodeFactory.instance.objectNode();
    applied.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
    String name = found.path("metadata").path("name").asText();
    applied.putObject("metadata").put("name", name);
    ArrayNode webhooks = applied.putArray("webhooks");
    for (JsonNode webhook : found.path("webhooks")) {
      if (isOurs(webhook)) {
        webhooks
            .addObject()
            .put("name", webhook.path("name").asText())
            .putObject("clientConfig")
            .put("caBundle", trusted);
      }
    }
    server.apply(kind, applied);
    LOG.log(INFO, kind.kind() + " " + name + ": the API servers trust the certificate now");
  }
}
