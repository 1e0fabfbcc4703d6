package io.otelgraft.core.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.spi.Protocol;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An {@code Instrumentation} ({@code opentelemetry.io/v1alpha1}) that was found valid: how the pods
 * that name it are to be instrumented.
 *
 * <p>Exporter, propagators, sampler and env are what the resource itself says: the operator's
 * configured defaults ({@link Settings#defaults}) rank below and are applied where a pod is decided
 * on, which can then tell one from the other. The mode and the sections have the settings' and the
 * languages' defaults applied.
 *
 * <p>Immutable, as long as nobody changes the trees in it; holds nothing of a plugin.
 *
 * @param namespace the namespace that it stands in
 * @param name its name
 * @param generation {@code metadata.generation}; 0 for a resource that comes from a file
 * @param annotations its annotations; {@code owner} and {@code runbook} go into messages
 * @param exporter where telemetry goes
 * @param attributes the resource attributes in the document's order, each key once
 * @param addK8sUidAttributes whether {@code k8s.*.uid} are added
 * @param propagators in the document's order; empty when the resource does not say
 * @param sampler the sampler, if the resource names one
 * @param useLabelsForResourceAttributes whether {@code app.kubernetes.io/*} labels name the service
 *     and its version
 * @param env the common env of all languages, in the document's order
 * @param imagePullPolicy of the containers that deliver agents
 * @param initContainerSecurityContext of the containers that deliver agents; empty to inherit the
 *     target's
 * @param agentDelivery how agents get into containers; empty when the resource does not say
 * @param allowedNamespaces patterns of other namespaces whose pods may use it; empty for all
 * @param imageEnv what images are known to set in their environment
 * @param mode whether pods are changed
 * @param sections by language id, one for each language of the catalogue
 * @param document the whole resource as it was read; never changed
 */
public record Instrumentation(
    String namespace,
    String name,
    long generation,
    Map<String, String> annotations,
    Exporter exporter,
    List<Attribute> attributes,
    boolean addK8sUidAttributes,
    List<String> propagators,
    Optional<Sampler> sampler,
    boolean useLabelsForResourceAttributes,
    List<EnvVar> env,
    Optional<String> imagePullPolicy,
    Optional<ObjectNode> initContainerSecurityContext,
    Optional<AgentDelivery> agentDelivery,
    Optional<List<String>> allowedNamespaces,
    List<ImageEnv> imageEnv,
    Mode mode,
    Map<String, LanguageSection> sections,
    ObjectNode document) {

  /** The group of the resource's API. */
  public static final String GROUP = "opentelemetry.io";

  /** The one version of the API that is served. */
  public static final String VERSION = "v1alpha1";

  /** The kind of the resource. */
  public static final String KIND = "Instrumentation";

  /** The name of the kind in paths and rules, in the plural. */
  public static final String RESOURCE = "instrumentations";

  /**
   * The values of {@code sampler.type}.
   *
   * @see <a
   *     href="https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/">OTEL_TRACES_SAMPLER</a>
   */
  public static final List<String> SAMPLERS =
      List.of(
          "always_on",
          "always_off",
          "traceidratio",
          "parentbased_always_on",
          "parentbased_always_off",
          "parentbased_traceidratio",
          "jaeger_remote",
          "parentbased_jaeger_remote",
          "xray");

  /**
   * The values of {@code propagators}.
   *
   * @see <a
   *     href="https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/">OTEL_PROPAGATORS</a>
   */
  public static final List<String> PROPAGATORS =
      List.of("tracecontext", "baggage", "b3", "b3multi", "jaeger", "xray", "ottrace", "none");

  /**
   * Where telemetry goes.
   *
   * @param endpoint an OTLP URL, which may hold {@link Variables} and {@code $(NAME)} references
   * @param protocol Graft's own {@code exporter.protocol}
   * @param tls certificates for the connection
   */
  public record Exporter(
      Optional<String> endpoint, Optional<Protocol> protocol, Optional<Tls> tls) {}

  /**
   * Certificates. Files are keys in the Secret or ConfigMap, or absolute paths in the container's
   * image.
   *
   * @param secretName a Secret in the pod's namespace, with client certificate and key and perhaps
   *     the CA
   * @param configMapName a ConfigMap in the pod's namespace, with the CA
   * @param caFile the CA; a key of the ConfigMap if there is one, else of the Secret
   * @param certFile the client's certificate
   * @param keyFile the client's key
   */
  public record Tls(
      Optional<String> secretName,
      Optional<String> configMapName,
      Optional<String> caFile,
      Optional<String> certFile,
      Optional<String> keyFile) {}

  /**
   * A resource attribute.
   *
   * @param key for example {@code deployment.environment}
   * @param value which may hold {@link Variables}; the empty string for {@link Action#DELETE}
   * @param action {@link Action#UPSERT} unless the list form says otherwise
   */
  public record Attribute(String key, String value, Action action) {}

  /**
   * What happens to a key that Graft sets by itself, such as {@code service.namespace}. What the
   * pod sets always stands. The words are those of the Collector's resource processor.
   */
  public enum Action {
    /** Set only where nothing else gives the key. */
    INSERT,
    /** Replaces the value that Graft would give; otherwise nothing. */
    UPDATE,
    /** Set, whether or not Graft would give a value. */
    UPSERT,
    /** The value that Graft would give is left out. */
    DELETE
  }

  /**
   * What images set in their environment.
   *
   * @param image a pattern of the images' names
   * @param env the variables' values, as the image has them
   */
  public record ImageEnv(String image, Map<String, String> env) {
    public ImageEnv {
      env = Collections.unmodifiableMap(new LinkedHashMap<>(env));
    }
  }

  /**
   * A sampler.
   *
   * @param type a value of {@code OTEL_TRACES_SAMPLER}
   * @param argument a value of {@code OTEL_TRACES_SAMPLER_ARG}, as its type asks for it
   */
  public record Sampler(String type, Optional<String> argument) {}

  /**
   * The section of a language, with defaults applied; also of one that the resource does not
   * mention.
   *
   * @return empty if the resource was read while no plugin knew the language
   */
  public Optional<LanguageSection> section(String languageId) {
    return Optional.ofNullable(sections.get(languageId));
  }

  /** Whether pods of a namespace may use it: those of its own always, others as it says. */
  public boolean allows(String podNamespace) {
    if (podNamespace.equals(namespace) || allowedNamespaces.isEmpty()) {
      return true;
    }
    for (String pattern : allowedNamespaces.get()) {
      if (Glob.matches(pattern, podNamespace)) {
        return true;
      }
    }
    return false;
  }

  /** {@code namespace/name}. */
  public String reference() {
    return namespace + "/" + name;
  }
}
