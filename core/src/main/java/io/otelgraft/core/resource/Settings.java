package io.otelgraft.core.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.otelgraft.core.resource.Instrumentation.Sampler;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.Need;
import io.otelgraft.spi.Protocol;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * How an operator configured Graft, as far as deciding about pods needs it. Immutable. {@link
 * #keys()} lists the same things by their names in files, environment and flags.
 *
 * @param mountPaths where agents are mounted
 * @param languageDefaults which env a language gets by default
 * @param serviceNameRule how a service gets its name
 * @param onError what becomes of a pod that asks for what cannot be given
 * @param keepQosClass whether what is added to a pod leaves its QoS class as it is
 * @param keepEphemeralStorage whether a limit of ephemeral storage that a pod's containers have is
 *     raised by what is added
 * @param volumeLimitSize the most that the volume for an agent takes where a resource does not say,
 *     a Kubernetes quantity
 * @param explicitProtocol whether {@code OTEL_EXPORTER_OTLP_PROTOCOL} is always said; otherwise
 *     only where {@code exporter.protocol} or {@code defaults.protocol} is set
 * @param nativeSidecars whether the cluster knows init containers that go on running
 * @param privilegedSidecars whether a sidecar that needs much is privileged
 * @param forbiddenNeeds what no container may be given, whatever language needs it
 * @param sandboxedRuntimeClasses names of runtime classes that keep containers from the node's
 *     kernel, in which {@code *} stands for any characters
 * @param excludedNamespaces names of namespaces that are left alone, in which {@code *} stands for
 *     any characters
 * @param excludedNamespaceLabels labels of namespaces that are left alone, as {@code key} or {@code
 *     key=value}
 * @param sidecarContainers names of containers that are instrumented only where they are named
 * @param enabledLanguages ids of languages that may be used even if they are not on by default
 * @param disabledLanguages ids of languages that may not be used
 * @param images agent images by language id
 * @param agentImages where images are pulled from, and which may be
 * @param defaults what counts where a resource does not say
 * @param clusterName {@code k8s.cluster.name}
 * @param agentDelivery how agents get into containers where neither annotation nor resource says
 * @param cluster what is known of the cluster's software
 * @param mode the mode of resources that have none
 */
public record Settings(
    Convention mountPaths,
    Convention languageDefaults,
    Convention serviceNameRule,
    OnError onError,
    boolean keepQosClass,
    boolean keepEphemeralStorage,
    String volumeLimitSize,
    boolean explicitProtocol,
    boolean nativeSidecars,
    boolean privilegedSidecars,
    Set<Need> forbiddenNeeds,
    List<String> sandboxedRuntimeClasses,
    List<String> excludedNamespaces,
    List<String> excludedNamespaceLabels,
    Set<String> sidecarContainers,
    Set<String> enabledLanguages,
    Set<String> disabledLanguages,
    Map<String, String> images,
    AgentImages agentImages,
    Defaults defaults,
    Optional<String> clusterName,
    AgentDelivery agentDelivery,
    ClusterFacts cluster,
    Mode mode) {

  /** Whose ways to follow where two are known. */
  public enum Convention {
    /** The specification's. */
    SPECIFICATION("specification"),
    /** The OpenTelemetry Operator's, entry for entry, so that nothing is renamed on migration. */
    OPERATOR("operator");

    private final String value;

    Convention(String value) {
      this.value = value;
    }

    /** How it is written in the settings. */
    public String value() {
      return value;
    }
  }

  /** What becomes of a pod that asks for what cannot be given. */
  public enum OnError {
    /** It is rejected, with a message that says what to do. */
    REJECT("reject"),
    /** It is admitted with a warning. */
    ALLOW("allow");

    private final String value;

    OnError(String value) {
      this.value = value;
    }

    /** How it is written in the settings. */
    public String value() {
      return value;
    }
  }

  /**
   * What counts where a resource does not say.
   *
   * @param endpoint the OTLP endpoint
   * @param protocol the OTLP protocol
   * @param sampler the sampler
   * @param propagators the propagators; empty for none
   * @param env literal variables, in the order of the settings; each ranks below the resource's
   *     fields
   */
  public record Defaults(
      Optional<String> endpoint,
      Optional<Protocol> protocol,
      Optional<Sampler> sampler,
      List<String> propagators,
      List<EnvVar> env) {
    public Defaults {
      propagators = List.copyOf(propagators);
      env = List.copyOf(env);
    }
  }

  /** The namespaces that are left alone unless the settings say otherwise. */
  public static final List<String> EXCLUDED_NAMESPACES =
      List.of("kube-system", "kube-public", "kube-node-lease", "opentelemetry-operator-system");

  /** The runtime classes that gVisor and Kata Containers are commonly installed as. */
  public static final List<String> SANDBOXED_RUNTIME_CLASSES =
      List.of("gvisor*", "runsc*", "kata*");

  /**
   * Containers that injectors of service meshes and the like add to pods, by the names that these
   * give them: Istio, Linkerd, Consul, Kuma, Open Service Mesh and App Mesh, Dapr, NGINX Service
   * Mesh, Knative, Vault, Cloud Storage FUSE, and the OpenTelemetry Operator's collector.
   */
  public static final List<String> SIDECAR_CONTAINERS =
      List.of(
          "istio-proxy",
          "linkerd-proxy",
          "consul-dataplane",
          "envoy-sidecar",
          "consul-connect-envoy-sidecar",
          "kuma-sidecar",
          "envoy",
          "daprd",
          "nginx-mesh-sidecar",
          "queue-proxy",
          "vault-agent",
          "cloud-sql-proxy",
          "cloudsql-proxy",
          "gke-gcsfuse-sidecar",
          "otc-container");

  private static final List<Setting<Builder>> KEYS =
      List.of(
          Setting.choice(
              "compatibility",
              "Preset of mount-paths, language-defaults, service-name-rule, admission.on-error,"
                  + " keep-qos-class, volume-limit-size, explicit-protocol, native-sidecars and"
                  + " privileged-sidecars: as the specification has them, or as the OpenTelemetry"
                  + " Operator has them",
              "specification",
              List.of(Convention.values()),
              Convention::value,
              Builder::compatibility),
          Setting.choice(
              "mount-paths",
              "Where agents are mounted in containers",
              "that of compatibility",
              List.of(Convention.values()),
              Convention::value,
              Builder::mountPaths),
          Setting.choice(
              "language-defaults",
              "Which environment variables a language gets by default",
              "that of compatibility",
              List.of(Convention.values()),
              Convention::value,
              Builder::languageDefaults),
          Setting.choice(
              "service-name-rule",
              "How a service gets its name",
              "that of compatibility",
              List.of(Convention.values()),
              Convention::value,
              Builder::serviceNameRule),
          Setting.choice(
              "admission.on-error",
              "What becomes of a pod that asks for what cannot be given",
              "reject; under compatibility operator: allow",
              List.of(OnError.values()),
              OnError::value,
              Builder::onError),
          Setting.flag(
              "keep-qos-class",
              "Whether what is added to a pod leaves its QoS class as it is",
              "true; under compatibility operator: false",
              Builder::keepQosClass),
          Setting.flag(
              "keep-ephemeral-storage",
              "Whether a limit of ephemeral storage that a pod's containers have together is raised"
                  + " by what the agent's files may take, so that these do not have it evicted",
              "true",
              Builder::keepEphemeralStorage),
          Setting.text(
              "volume-limit-size",
              "The most that the volume for an agent takes, for resources that do not say",
              "500Mi; under compatibility operator: 200Mi",
              Builder::volumeLimitSize),
          Setting.flag(
              "explicit-protocol",
              "Whether OTEL_EXPORTER_OTLP_PROTOCOL is always set; otherwise only where a resource"
                  + " or defaults.protocol names the protocol",
              "true; under compatibility operator: false",
              Builder::explicitProtocol),
          Setting.flag(
              "native-sidecars",
              "Whether sidecars are init containers that go on running, so that Jobs complete:"
                  + " Kubernetes 1.29 or newer",
              "true; under compatibility operator: false",
              Builder::nativeSidecars),
          Setting.flag(
              "privileged-sidecars",
              "Whether a sidecar that needs much is privileged; otherwise it has exactly the"
                  + " capabilities that it uses",
              "false; under compatibility operator: true",
              Builder::privilegedSidecars),
          Setting.list(
              "forbidden-needs",
              "What no container may be given, whatever language needs it: "
                  + String.join(", ", needs()),
              "",
              Builder::forbiddenNeeds),
          Setting.list(
              "sandboxed-runtime-classes",
              "Names of runtime classes that keep containers from the node's kernel; * stands for"
                  + " any characters",
              String.join(",", SANDBOXED_RUNTIME_CLASSES),
              Builder::sandboxedRuntimeClasses),
          Setting.choice(
              "mode",
              "The mode of resources that do not say: inject pods, or only tell what would be done",
              "enforce",
              List.of(Mode.values()),
              Mode::value,
              Builder::mode),
          Setting.list(
              "excluded-namespaces",
              "Names of namespaces to leave alone; * stands for any characters",
              String.join(",", EXCLUDED_NAMESPACES),
              Builder::excludedNamespaces),
          Setting.list(
              "excluded-namespace-labels",
              "Labels of namespaces to leave alone, as KEY or KEY=VALUE",
              "",
              Builder::excludedNamespaceLabels),
          Setting.list(
              "sidecar-containers",
              "Names of containers that are never instrumented unless an annotation names them",
              String.join(",", SIDECAR_CONTAINERS),
              Builder::sidecarContainers),
          Setting.list(
              "enabled-languages",
              "Languages to allow that are off by default",
              "",
              Builder::enabledLanguages),
          Setting.list(
              "disabled-languages", "Languages not to allow", "", Builder::disabledLanguages),
          Setting.map(
              "images",
              "Agent images by language, for resources that name none",
              "those of the plugins",
              Builder::image),
          Setting.text(
              "agent-images.registry",
              "Registry, with a path if need be, that all images of what is added are pulled from",
              "that of each image",
              Builder::agentRegistry),
          Setting.list(
              "agent-images.pull-secrets",
              "Names of Secrets in the pods' namespaces to pull what is added with",
              "",
              Builder::agentPullSecrets),
          Setting.list(
              "agent-images.allowed",
              "Images that may be added; * stands for any characters, sha256:... for a digest",
              "all",
              Builder::allowedAgentImages),
          Setting.flag(
              "agent-images.require-digests",
              "Whether images that are added have to be named by their digest",
              "false",
              Builder::requireDigests),
          Setting.map(
              "agent-images.digests",
              "Digests (sha256:...) to pin images to, by their names as resources have them",
              "",
              Builder::agentDigest),
          Setting.text(
              "defaults.endpoint",
              "OTLP endpoint for resources that name none",
              "",
              Builder::endpoint),
          Setting.choice(
              "defaults.protocol",
              "OTLP protocol for resources that name none",
              "that of the endpoint's port",
              List.of(Protocol.values()),
              Protocol::value,
              Builder::protocol),
          Setting.choice(
              "defaults.sampler",
              "Sampler for resources that name none",
              "",
              Instrumentation.SAMPLERS,
              type -> type,
              Builder::sampler),
          Setting.text(
              "defaults.sampler-argument",
              "Argument of defaults.sampler",
              "",
              Builder::samplerArgument),
          Setting.list(
              "defaults.propagators",
              "Propagators for resources that name none",
              "",
              Builder::propagators),
          Setting.map(
              "defaults.env",
              "Environment variables that a container gets unless pod or resource set them",
              "",
              Builder::env),
          Setting.choice(
              "agent-delivery",
              "How agents get into containers where neither annotation nor resource says: copied by"
                  + " an init container, or mounted from their images",
              "copy",
              List.of(AgentDelivery.values()),
              AgentDelivery::value,
              Builder::agentDelivery),
          Setting.text(
              "cluster.version",
              "Version of Kubernetes, the oldest among API servers and nodes; image volumes need 1.35",
              "",
              Builder::clusterVersion),
          Setting.list(
              "cluster.runtimes",
              "Container runtimes of all nodes as kubectl get nodes -o wide lists them; image"
                  + " volumes need containerd://2.2 or cri-o://1.33",
              "",
              Builder::clusterRuntimes),
          Setting.text(
              "cluster-name",
              "Name of the cluster, for k8s.cluster.name",
              "",
              Builder::clusterName));

  public Settings {
    forbiddenNeeds = Set.copyOf(forbiddenNeeds);
    sandboxedRuntimeClasses = List.copyOf(sandboxedRuntimeClasses);
    excludedNamespaces = List.copyOf(excludedNamespaces);
    excludedNamespaceLabels = List.copyOf(excludedNamespaceLabels);
    sidecarContainers = Set.copyOf(sidecarContainers);
    enabledLanguages = Set.copyOf(enabledLanguages);
    disabledLanguages = Set.copyOf(disabledLanguages);
    images = Map.copyOf(images);
  }

  /** The settings of an operator who set nothing. */
  public static Settings standard() {
    return builder().build();
  }

  /** Starts with nothing set. */
  public static Builder builder() {
    return new Builder();
  }

  /** All settings by name, in the order of the documentation. */
  public static List<Setting<Builder>> keys() {
    return KEYS;
  }

  /** The same settings in a cluster of which more is known. */
  public Settings in(ClusterFacts known) {
    return new Settings(
        mountPaths,
        languageDefaults,
        serviceNameRule,
        onError,
        keepQosClass,
        keepEphemeralStorage,
        volumeLimitSize,
        explicitProtocol,
        nativeSidecars,
        privilegedSidecars,
        forbiddenNeeds,
        sandboxedRuntimeClasses,
        excludedNamespaces,
        excludedNamespaceLabels,
        sidecarContainers,
        enabledLanguages,
        disabledLanguages,
        images,
        agentImages,
        defaults,
        clusterName,
        agentDelivery,
        known,
        mode);
  }

  /**
   * What {@code compatibility} stands for: each setting that it is a preset of, with the value that
   * it gives it. To set them one by one is the same as to set the preset.
   *
   * @return values as {@link Setting} reads them, by name, in the order of {@link #keys()}
   */
  public static Map<String, String> preset(Convention convention) {
    Settings preset = builder().compatibility(convention).build();
    Map<String, String> values = new LinkedHashMap<>();
    values.put("mount-paths", preset.mountPaths.value());
    values.put("language-defaults", preset.languageDefaults.value());
    values.put("service-name-rule", preset.serviceNameRule.value());
    values.put("admission.on-error", preset.onError.value());
    values.put("keep-qos-class", String.valueOf(preset.keepQosClass));
    values.put("volume-limit-size", preset.volumeLimitSize);
    values.put("explicit-protocol", String.valueOf(preset.explicitProtocol));
    values.put("native-sidecars", String.valueOf(preset.nativeSidecars));
    values.put("privileged-sidecars", String.valueOf(preset.privilegedSidecars));
    return values;
  }

  /** Whether a language may be used. */
  public boolean enables(Language language) {
    return !disabledLanguages.contains(language.id())
        && (language.enabledByDefault() || enabledLanguages.contains(language.id()));
  }

  /**
   * Says why a namespace is left alone: {@code excluded-namespaces has kube-*}.
   *
   * @return empty if it is not
   */
  public Optional<String> exclusion(NamespaceFacts namespace) {
    for (String pattern : excludedNamespaces) {
      if (Glob.matches(pattern, namespace.name())) {
        return Optional.of("excluded-namespaces has " + pattern);
      }
    }
    for (String label : excludedNamespaceLabels) {
      int equals = label.indexOf('=');
      String value = namespace.labels().get(equals < 0 ? label : label.substring(0, equals));
      if (value != null && (equals < 0 || value.equals(label.substring(equals + 1)))) {
        return Optional.of("excluded-namespace-labels has " + label);
      }
    }
    return Optional.empty();
  }

  /** Whether containers of a runtime class do not run on the node's own kernel. */
  public boolean isSandboxed(String runtimeClass) {
    for (String pattern : sandboxedRuntimeClasses) {
      if (Glob.matches(pattern, runtimeClass)) {
        return true;
      }
    }
    return false;
  }

  /** How a need is written in the settings: {@code host-path}. */
  public static String written(Need need) {
    return need.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static List<String> needs() {
    return Arrays.stream(Need.values()).map(Settings::written).toList();
  }

  /** Collects settings. Not thread-safe. */
  public static final class Builder {
    private Convention compatibility = Convention.SPECIFICATION;
    private Convention mountPaths;
    private Convention languageDefaults;
    private Convention serviceNameRule;
    private OnError onError;
    private Boolean keepQosClass;
    private boolean keepEphemeralStorage = true;
    private String volumeLimitSize;
    private Boolean explicitProtocol;
    private Boolean nativeSidecars;
    private Boolean privilegedSidecars;
    private final Set<Need> forbiddenNeeds = EnumSet.noneOf(Need.class);
    private List<String> sandboxedRuntimeClasses = SANDBOXED_RUNTIME_CLASSES;
    private List<String> excludedNamespaces = EXCLUDED_NAMESPACES;
    private List<String> excludedNamespaceLabels = List.of();
    private Set<String> sidecarContainers = Set.copyOf(SIDECAR_CONTAINERS);
    private Set<String> enabledLanguages = Set.of();
    private Set<String> disabledLanguages = Set.of();
    private final Map<String, String> images = new LinkedHashMap<>();
    private String agentRegistry;
    private List<String> agentPullSecrets = List.of();
    private List<String> allowedAgentImages = List.of();
    private boolean requireDigests;
    private final Map<String, String> agentDigests = new LinkedHashMap<>();
    private String endpoint;
    private Protocol protocol;
    private String sampler;
    private String samplerArgument;
    private List<String> propagators = List.of();
    private final Map<String, String> env = new LinkedHashMap<>();
    private String clusterName;
    private AgentDelivery agentDelivery = AgentDelivery.COPY;
    private ClusterFacts cluster = ClusterFacts.UNKNOWN;
    private Mode mode = Mode.ENFORCE;

    private Builder() {}

    /**
     * Sets one thing by its name.
     *
     * @param name a {@link Setting#name}, or an entry of a map: {@code images.NAME}
     * @param text the value; the items of a list separated by commas
     * @throws IllegalArgumentException if there is no such setting, or the value is not one of its
     *     values; the message says which are
     */
    public Builder set(String name, String text) {
      for (Setting<Builder> key : KEYS) {
        if (key.name().equals(name)) {
          key.set(this, TextNode.valueOf(text));
          return this;
        }
        if (key.type() == Setting.Type.MAP && name.startsWith(key.name() + ".")) {
          String entry = name.substring(key.name().length() + 1);
          key.set(this, Plain.tree(Map.of(entry, text)));
          return this;
        }
      }
      throw unknown(name);
    }

    /**
     * Sets what a file says.
     *
     * @param file settings by name, the parts of a name between dots as levels of the tree
     * @throws IllegalArgumentException as {@link #set(String, String)}
     */
    public Builder set(ObjectNode file) {
      set("", file);
      return this;
    }

    private void set(String prefix, JsonNode level) {
      level.properties().forEach(member -> set(prefix, member.getKey(), member.getValue()));
    }

    private void set(String prefix, String part, JsonNode value) {
      String name = prefix + part;
      Optional<Setting<Builder>> key =
          KEYS.stream().filter(known -> known.name().equals(name)).findFirst();
      if (key.isPresent()) {
        key.get().set(this, value);
      } else if (value.isObject()
          && KEYS.stream().anyMatch(known -> known.name().startsWith(name + "."))) {
        set(name + ".", value);
      } else {
        throw unknown(name);
      }
    }

    private static IllegalArgumentException unknown(String name) {
      List<String> names = KEYS.stream().map(Setting::name).toList();
      return new IllegalArgumentException(
          "unknown setting " + name + NearestName.hint(name, names));
    }

    /** Sets the preset; what is set by itself stays, whatever the order. */
    public Builder compatibility(Convention preset) {
      compatibility = Objects.requireNonNull(preset);
      return this;
    }

    /** Sets {@link Settings#mountPaths}. */
    public Builder mountPaths(Convention convention) {
      mountPaths = Objects.requireNonNull(convention);
      return this;
    }

    /** Sets {@link Settings#languageDefaults}. */
    public Builder languageDefaults(Convention convention) {
      languageDefaults = Objects.requireNonNull(convention);
      return this;
    }

    /** Sets {@link Settings#serviceNameRule}. */
    public Builder serviceNameRule(Convention convention) {
      serviceNameRule = Objects.requireNonNull(convention);
      return this;
    }

    /** Sets {@link Settings#onError}. */
    public Builder onError(OnError what) {
      onError = Objects.requireNonNull(what);
      return this;
    }

    /** Sets {@link Settings#keepQosClass}. */
    public Builder keepQosClass(boolean keep) {
      keepQosClass = keep;
      return this;
    }

    /** Sets {@link Settings#keepEphemeralStorage}. */
    public Builder keepEphemeralStorage(boolean keep) {
      keepEphemeralStorage = keep;
      return this;
    }

    /**
     * Sets {@link Settings#volumeLimitSize}.
     *
     * @throws IllegalArgumentException if it is not a Kubernetes quantity
     */
    public Builder volumeLimitSize(String quantity) {
      if (Quantity.parse(TextNode.valueOf(quantity)).isEmpty()) {
        throw new IllegalArgumentException(
            "setting volume-limit-size is \"%s\", which is not a quantity such as 500Mi"
                .formatted(quantity));
      }
      volumeLimitSize = quantity;
      return this;
    }

    /** Sets {@link Settings#explicitProtocol}. */
    public Builder explicitProtocol(boolean always) {
      explicitProtocol = always;
      return this;
    }

    /** Sets {@link Settings#nativeSidecars}. */
    public Builder nativeSidecars(boolean known) {
      nativeSidecars = known;
      return this;
    }

    /** Sets {@link Settings#privilegedSidecars}. */
    public Builder privilegedSidecars(boolean privileged) {
      privilegedSidecars = privileged;
      return this;
    }

    /**
     * Sets {@link Settings#forbiddenNeeds}.
     *
     * @param names as {@link Settings#written}
     * @throws IllegalArgumentException if one is not known
     */
    public Builder forbiddenNeeds(List<String> names) {
      forbiddenNeeds.clear();
      for (String name : names) {
        Need need =
            Arrays.stream(Need.values())
                .filter(known -> written(known).equals(name))
                .findFirst()
                .orElseThrow(() ->
                    new IllegalArgumentException(
                        "setting forbidden-needs has \"%s\", which is not one of %s"
                            .formatted(name, String.join(", ", needs()))));
        forbiddenNeeds.add(need);
      }
      return this;
    }

    /** Sets {@link Settings#sandboxedRuntimeClasses}. */
    public Builder sandboxedRuntimeClasses(List<String> patterns) {
      sandboxedRuntimeClasses = List.copyOf(patterns);
      return this;
    }

    /** Sets {@link Settings#excludedNamespaces}. */
    public Builder excludedNamespaces(List<String> patterns) {
      excludedNamespaces = List.copyOf(patterns);
      return this;
    }

    /** Sets {@link Settings#excludedNamespaceLabels}. */
    public Builder excludedNamespaceLabels(List<String> labels) {
      excludedNamespaceLabels = List.copyOf(labels);
      return this;
    }

    /** Sets {@link Settings#sidecarContainers}. */
    public Builder sidecarContainers(List<String> names) {
      sidecarContainers = Set.copyOf(names);
      return this;
    }

    /** Sets {@link AgentImages#registry}. */
    public Builder agentRegistry(String registry) {
      agentRegistry =
          registry.endsWith("/") ? registry.substring(0, registry.length() - 1) : registry;
      return this;
    }

    /** Sets {@link AgentImages#pullSecrets}. */
    public Builder agentPullSecrets(List<String> names) {
      agentPullSecrets = List.copyOf(names);
      return this;
    }

    /** Sets {@link AgentImages#allowed}. */
    public Builder allowedAgentImages(List<String> patterns) {
      allowedAgentImages = List.copyOf(patterns);
      return this;
    }

    /** Sets {@link AgentImages#requireDigests}. */
    public Builder requireDigests(boolean require) {
      requireDigests = require;
      return this;
    }

    /**
     * Pins an image to a digest.
     *
     * @throws IllegalArgumentException if it is none
     */
    public Builder agentDigest(String image, String digest) {
      if (!digest.matches("sha256:[0-9a-f]{64}")) {
        throw new IllegalArgumentException(
            "setting agent-images.digests pins %s to \"%s\", which is not sha256: and 64 hexadecimal digits"
                .formatted(image, digest));
      }
      agentDigests.put(image, digest);
      return this;
    }

    /** Sets {@link Settings#enabledLanguages}. */
    public Builder enabledLanguages(List<String> ids) {
      enabledLanguages = Collections.unmodifiableSet(new LinkedHashSet<>(ids));
      return this;
    }

    /** Sets {@link Settings#disabledLanguages}. */
    public Builder disabledLanguages(List<String> ids) {
      disabledLanguages = Collections.unmodifiableSet(new LinkedHashSet<>(ids));
      return this;
    }

    /** Sets the agent image of a language. */
    public Builder image(String language, String image) {
      images.put(language, image);
      return this;
    }

    /** Sets {@link Defaults#endpoint}. */
    public Builder endpoint(String url) {
      endpoint = url;
      return this;
    }

    /** Sets {@link Defaults#protocol}. */
    public Builder protocol(Protocol otlp) {
      protocol = Objects.requireNonNull(otlp);
      return this;
    }

    /** Sets the type of {@link Defaults#sampler}. */
    public Builder sampler(String type) {
      sampler = type;
      return this;
    }

    /** Sets the argument of {@link Defaults#sampler}. */
    public Builder samplerArgument(String argument) {
      samplerArgument = argument;
      return this;
    }

    /**
     * Sets {@link Defaults#propagators}.
     *
     * @throws IllegalArgumentException if one is not known
     */
    public Builder propagators(List<String> names) {
      for (String name : names) {
        if (!Instrumentation.PROPAGATORS.contains(name)) {
          throw new IllegalArgumentException(
              "setting defaults.propagators has \"%s\", which is not one of %s"
                  .formatted(name, String.join(", ", Instrumentation.PROPAGATORS)));
        }
      }
      propagators = List.copyOf(names);
      return this;
    }

    /** Adds a variable to {@link Defaults#env}, or changes its value. */
    public Builder env(String name, String value) {
      env.put(name, value);
      return this;
    }

    /** Sets {@link Settings#clusterName}. */
    public Builder clusterName(String name) {
      clusterName = name;
      return this;
    }

    /** Sets {@link Settings#agentDelivery}. */
    public Builder agentDelivery(AgentDelivery way) {
      agentDelivery = Objects.requireNonNull(way);
      return this;
    }

    /**
     * Sets {@link ClusterFacts#version}.
     *
     * @throws IllegalArgumentException if it is no version
     */
    public Builder clusterVersion(String version) {
      return cluster("cluster.version", Optional.of(version), cluster.runtimes());
    }

    /**
     * Sets {@link ClusterFacts#runtimes}.
     *
     * @throws IllegalArgumentException if one is not of the form {@code containerd://2.2.0}
     */
    public Builder clusterRuntimes(List<String> runtimes) {
      return cluster("cluster.runtimes", cluster.version(), runtimes);
    }

    private Builder cluster(String setting, Optional<String> version, List<String> runtimes) {
      try {
        cluster = new ClusterFacts(version, runtimes);
        return this;
      } catch (IllegalArgumentException wrong) {
        throw new IllegalArgumentException("setting " + setting + ": " + wrong.getMessage(), wrong);
      }
    }

    /** Sets {@link Settings#mode}. */
    public Builder mode(Mode ofResources) {
      mode = Objects.requireNonNull(ofResources);
      return this;
    }

    /**
     * The settings, with the preset's values where nothing else was set.
     *
     * @throws IllegalArgumentException if the endpoint is no URL, the sampler does not take its
     *     argument, a default holds a variable that there is not, or agents are to be mounted from
     *     images in a cluster that cannot
     */
    public Settings build() {
      check();
      boolean specification = compatibility == Convention.SPECIFICATION;
      return new Settings(
          Objects.requireNonNullElse(mountPaths, compatibility),
          Objects.requireNonNullElse(languageDefaults, compatibility),
          Objects.requireNonNullElse(serviceNameRule, compatibility),
          Objects.requireNonNullElse(onError, specification ? OnError.REJECT : OnError.ALLOW),
          Objects.requireNonNullElse(keepQosClass, specification),
          keepEphemeralStorage,
          Objects.requireNonNullElse(volumeLimitSize, specification ? "500Mi" : "200Mi"),
          Objects.requireNonNullElse(explicitProtocol, specification),
          Objects.requireNonNullElse(nativeSidecars, specification),
          Objects.requireNonNullElse(privilegedSidecars, !specification),
          forbiddenNeeds,
          sandboxedRuntimeClasses,
          excludedNamespaces,
          excludedNamespaceLabels,
          sidecarContainers,
          enabledLanguages,
          disabledLanguages,
          images,
          new AgentImages(
              Optional.ofNullable(agentRegistry).filter(registry -> !registry.isEmpty()),
              agentPullSecrets,
              allowedAgentImages,
              requireDigests,
              agentDigests),
          new Defaults(
              Optional.ofNullable(endpoint),
              Optional.ofNullable(protocol),
              Optional.ofNullable(sampler)
                  .map(type -> new Sampler(type, Optional.ofNullable(samplerArgument))),
              propagators,
              env.entrySet().stream()
                  .map(entry -> EnvVar.of(entry.getKey(), entry.getValue()))
                  .toList()),
          Optional.ofNullable(clusterName),
          agentDelivery,
          cluster,
          mode);
    }

    private void check() {
      FieldPath at = FieldPath.ROOT.field("defaults");
      Findings findings = new Findings();
      if (endpoint != null) {
        Endpoint.check(
            endpoint,
            at.field("endpoint"),
            Optional.ofNullable(protocol),
            false,
            env.keySet(),
            findings);
      }
      env.forEach(
          (name, value) -> VariableCheck.check(value, at.field("env").field(name), findings));
      if (agentDelivery == AgentDelivery.IMAGE_VOLUME && cluster.unfit().isPresent()) {
        throw new IllegalArgumentException(
            "setting agent-delivery is image-volume, but " + cluster.unfit().get());
      }
      if (samplerArgument != null && sampler == null) {
        throw new IllegalArgumentException(
            "setting defaults.sampler-argument is set without defaults.sampler");
      }
      if (samplerArgument != null) {
        SamplerArgument.check(sampler, samplerArgument, at.field("sampler-argument"), findings);
      }
      findings.problems().stream()
          .filter(Problem::isError)
          .findFirst()
          .ifPresent(problem -> {
            throw new IllegalArgumentException("setting " + problem);
          });
    }
  }
}
