package io.otelgraft.spi;

import java.net.URI;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a plugin declares of its language, as data. Schema, defaults, typed reading, {@code lint},
 * documentation and help are derived from it, so that each fact stands in one place.
 *
 * @since 1.0, stable
 */
public final class Language {
  private static final Pattern ID = Pattern.compile("[a-z]([a-z0-9-]{0,28}[a-z0-9])?");

  private final Builder declared;

  private Language(Builder declared) {
    this.declared = declared;
  }

  /**
   * Starts a declaration.
   *
   * @param id lower-case DNS label of at most 30 characters; {@code python} makes the annotations
   *     {@code instrumentation.opentelemetry.io/inject-python} and {@code
   *     .../python-container-names}
   * @return a builder with everything else at its default
   * @throws IllegalArgumentException if {@code id} is not such a label
   */
  public static Builder named(String id) {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "language id \"" + id + "\" is not a lower-case DNS label of at most 30 characters");
    }
    return new Builder(id);
  }

  /** The identifier, for example {@code python}. */
  public String id() {
    return declared.id;
  }

  /** The name that people read, for example {@code Python}; the id unless declared. */
  public String title() {
    return declared.title;
  }

  /** Where the user's documentation of the agent is, if declared. */
  public Optional<URI> documentation() {
    return Optional.ofNullable(declared.documentation);
  }

  /** The key of the language's section in {@code spec}; empty for a language without one. */
  public Optional<String> section() {
    return Optional.ofNullable(declared.section);
  }

  /** The section's own settings, beside those that every section has (image, env, resources...). */
  public List<Setting<?>> settings() {
    return declared.settings;
  }

  /**
   * Whether it has an agent: one with a default image, or one whose image a resource or the
   * operator names.
   *
   * @since 1.0, experimental
   */
  public boolean hasAgent() {
    return declared.imageRepository != null || declared.imageContents != null;
  }

  /**
   * What is in an image of the agent, where there is no default one; otherwise empty.
   *
   * @since 1.0, experimental
   */
  public Optional<String> imageContents() {
    return Optional.ofNullable(declared.imageContents);
  }

  /** The agent's default image without its tag; empty for a language without such an image. */
  public Optional<String> imageRepository() {
    return Optional.ofNullable(declared.imageRepository);
  }

  /** The tag of the agent's default image; empty for a language without such an image. */
  public Optional<String> imageVersion() {
    return Optional.ofNullable(declared.imageVersion);
  }

  /** Versions of the agent that an automatic upgrade must not cross. */
  public List<String> neverUpgradeAcross() {
    return declared.neverUpgradeAcross;
  }

  /** What the containers that deliver the agent ask for, unless the resource says otherwise. */
  public ResourceDefaults resources() {
    return declared.resources;
  }

  /**
   * Annotations of pod or namespace that the language reads, keys without the prefix {@code
   * instrumentation.opentelemetry.io/}.
   */
  public List<Setting<?>> annotations() {
    return declared.annotations;
  }

  /** Key, without prefix, of the annotation that names this language's containers. */
  public String containerNamesKey() {
    return declared.containerNamesKey;
  }

  /**
   * A second key, without prefix, of the annotation that names this language's containers, for
   * users of older names; empty unless declared.
   *
   * @since 1.0, experimental
   */
  public Optional<String> olderContainerNamesKey() {
    return Optional.ofNullable(declared.olderContainerNamesKey);
  }

  /** The list variables that {@link LanguagePlugin#inject} extends. */
  public List<ListVariable> listVariables() {
    return declared.listVariables;
  }

  /**
   * The names of the variables, beside those of {@link #listVariables()}, that {@link
   * LanguagePlugin#inject} sets in the containers that are instrumented.
   *
   * @since 1.0, experimental
   */
  public List<String> variables() {
    return declared.variables;
  }

  /** The OTLP protocols of the agent in the default image; all unless declared. */
  public Set<Protocol> protocols() {
    return declared.protocols;
  }

  /** What the injected parts need of the pod beyond what any container may do. */
  public Set<Need> needs() {
    return declared.needs;
  }

  /** Names of containers, beside Graft's own, that mark a pod as injected with this language. */
  public List<String> marks() {
    return declared.marks;
  }

  /** The reasons that {@link LanguagePlugin#examine} gives. */
  public List<Reason> reasons() {
    return declared.reasons;
  }

  /**
   * What shows that a container is instrumented already, beside what {@code examine} recognises.
   *
   * @since 1.0, experimental
   */
  public List<AgentSign> otherAgents() {
    return declared.otherAgents;
  }

  /** Whether the language may be used without an operator switching it on. */
  public boolean enabledByDefault() {
    return declared.enabledByDefault;
  }

  /**
   * Whether users are told that the language may still change.
   *
   * @since 1.0, experimental
   */
  public boolean isExperimental() {
    return declared.experimental;
  }

  /**
   * Where the language stands among others of one pod: lower first, then by id; 1000 unless set.
   */
  public int order() {
    return declared.order;
  }

  /**
   * The path at which users of the OpenTelemetry Operator find the agent, with {@code {container}}
   * for the container's name and {@code {purpose}} for what a volume holds: {@code agent}, or the
   * purpose of {@link Injection#scratch}. Used under {@code compatibility: operator} only.
   */
  public String operatorMountPath() {
    return declared.operatorMountPath;
  }

  /**
   * The names by which users of the OpenTelemetry Operator know volumes and containers, by their
   * purpose; {@code agent} is the volume of {@link Injection#agentVolume}. Used under {@code
   * compatibility: operator} only.
   *
   * @since 1.0, experimental
   */
  public Map<String, String> operatorNames() {
    return declared.operatorNames;
  }

  @Override
  public String toString() {
    return declared.id;
  }

  /** Collects a declaration. Not thread-safe; do not use after {@link #build()}. */
  public static final class Builder {
    private final String id;
    private String title;
    private URI documentation;
    private String section;
    private List<Setting<?>> settings = List.of();
    private String imageRepository;
    private String imageVersion;
    private String imageContents;
    private List<String> neverUpgradeAcross = List.of();
    private ResourceDefaults resources = ResourceDefaults.of("50m", "64Mi", "500m", "256Mi");
    private List<Setting<?>> annotations = List.of();
    private String containerNamesKey;
    private String olderContainerNamesKey;
    private List<ListVariable> listVariables = List.of();
    private List<String> variables = List.of();
    private Set<Protocol> protocols = Set.of(Protocol.values());
    private Set<Need> needs = Set.of();
    private List<String> marks = List.of();
    private List<Reason> reasons = List.of();
    private List<AgentSign> otherAgents = List.of();
    private boolean enabledByDefault = true;
    private boolean experimental;
    private int order = 1000;
    private String operatorMountPath;
    private Map<String, String> operatorNames = Map.of();

    private Builder(String id) {
      this.id = id;
      this.title = id;
      this.containerNamesKey = id + "-container-names";
      this.operatorMountPath = "/otel-auto-instrumentation-" + id;
    }

    /** Sets the name that people read. */
    public Builder title(String text) {
      title = Objects.requireNonNull(text, "title");
      return this;
    }

    /** Sets where the user's documentation of the agent is. */
    public Builder documentation(URI uri) {
      documentation = Objects.requireNonNull(uri, "documentation");
      return this;
    }

    /** Gives the language a section of that key in {@code spec}, with settings of its own. */
    public Builder section(String key, Setting<?>... own) {
      section = Objects.requireNonNull(key, "section");
      settings = List.of(own);
      return this;
    }

    /**
     * Gives the language an agent image: {@code repository:version} unless a resource says more.
     */
    public Builder image(String repository, String version) {
      imageRepository = Objects.requireNonNull(repository, "repository");
      imageVersion = Objects.requireNonNull(version, "version");
      return this;
    }

    /**
     * Gives the language an agent of which no image is published: {@code image} of the section, or
     * the operator's setting {@code images}, names one. A pod that asks for the language where
     * neither does is told so, before the plugin is asked.
     *
     * @param contents what has to be in the image, as users are told: {@code "/agent/trace.q"}
     * @since 1.0, experimental
     */
    public Builder noDefaultImage(String contents) {
      imageContents = Objects.requireNonNull(contents, "contents");
      return this;
    }

    /** Names versions that an automatic upgrade must not cross. */
    public Builder neverUpgradeAcross(String... versions) {
      neverUpgradeAcross = List.of(versions);
      return this;
    }

    /** Sets what the delivering containers ask for. */
    public Builder resources(ResourceDefaults defaults) {
      resources = Objects.requireNonNull(defaults, "resources");
      return this;
    }

    /** Declares the annotations that the language reads. */
    public Builder annotations(Setting<?>... read) {
      annotations = List.of(read);
      return this;
    }

    /** Sets an irregular key of the container-names annotation, for users of older names. */
    public Builder containerNamesKey(String key) {
      containerNamesKey = Objects.requireNonNull(key, "containerNamesKey");
      return this;
    }

    /**
     * Sets a key of the container-names annotation that counts as well.
     *
     * @since 1.0, experimental
     */
    public Builder olderContainerNamesKey(String key) {
      olderContainerNamesKey = Objects.requireNonNull(key, "olderContainerNamesKey");
      return this;
    }

    /** Declares the list variables that injection extends; others cannot be extended. */
    public Builder joins(ListVariable... variables) {
      listVariables = List.of(variables);
      return this;
    }

    /**
     * Names the other variables that injection sets in the containers that are instrumented. What
     * an image sets by one of these names is hidden by the injected value, of which users are told.
     *
     * @since 1.0, experimental
     */
    public Builder sets(String... names) {
      variables = List.of(names);
      return this;
    }

    /** Limits the OTLP protocols of the agent in the default image. */
    public Builder protocols(Protocol first, Protocol... more) {
      protocols = Set.copyOf(EnumSet.of(first, more));
      return this;
    }

    /** Declares needs beyond what any container may do. */
    public Builder needs(Need first, Need... more) {
      needs = Set.copyOf(EnumSet.of(first, more));
      return this;
    }

    /** Names containers, beside Graft's own, that mark a pod as injected. */
    public Builder marks(String... containers) {
      marks = List.of(containers);
      return this;
    }

    /** Declares the reasons that {@code examine} gives. */
    public Builder reasons(Reason... given) {
      reasons = List.of(given);
      return this;
    }

    /**
     * Declares what shows that a container is instrumented already, in this language only: what
     * injectors of other products leave in any pod is known to Graft.
     *
     * @since 1.0, experimental
     */
    public Builder otherAgents(AgentSign... signs) {
      otherAgents = List.of(signs);
      return this;
    }

    /** Sets whether the language may be used without being switched on. */
    public Builder enabledByDefault(boolean enabled) {
      enabledByDefault = enabled;
      return this;
    }

    /**
     * Tells users that the language may still change: in the schema, and in {@code graft plugins}.
     *
     * @since 1.0, experimental
     */
    public Builder experimental() {
      experimental = true;
      return this;
    }

    /** Sets the place among other languages of one pod. */
    public Builder order(int place) {
      order = place;
      return this;
    }

    /** Sets the agent's path under {@code compatibility: operator}. */
    public Builder operatorMountPath(String template) {
      operatorMountPath = Objects.requireNonNull(template, "operatorMountPath");
      return this;
    }

    /**
     * Sets the names of added containers and volumes under {@code compatibility: operator}.
     *
     * @param byPurpose names by the purpose that injection adds them for
     * @since 1.0, experimental
     */
    public Builder operatorNames(Map<String, String> byPurpose) {
      operatorNames = Map.copyOf(byPurpose);
      return this;
    }

    /**
     * Ends the declaration.
     *
     * @throws IllegalArgumentException if a setting, annotation or variable is declared twice, or
     *     an image as well as none
     */
    public Language build() {
      if (imageRepository != null && imageContents != null) {
        throw new IllegalArgumentException(
            "language " + id + " declares the default image " + imageRepository + ", and none");
      }
      refuseTwins("setting", settings.stream().map(Setting::key).toList());
      refuseTwins("annotation", annotations.stream().map(Setting::key).toList());
      refuseTwins("list variable", listVariables.stream().map(ListVariable::name).toList());
      refuseTwins(
          "variable",
          Stream.concat(listVariables.stream().map(ListVariable::name), variables.stream())
              .toList());
      refuseTwins("reason", reasons.stream().map(Reason::code).toList());
      return new Language(this);
    }

    private void refuseTwins(String what, List<String> keys) {
      for (int i = 1; i < keys.size(); i++) {
        if (keys.subList(0, i).contains(keys.get(i))) {
          throw new IllegalArgumentException(
              "language " + id + " declares the " + what + " " + keys.get(i) + " twice");
        }
      }
    }
  }
}
