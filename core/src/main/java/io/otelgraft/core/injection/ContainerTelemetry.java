package io.otelgraft.core.injection;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.otelgraft.core.injection.GivenEnv.Given;
import io.otelgraft.core.injection.PodVariables.Field;
import io.otelgraft.core.injection.Proposal.Placement;
import io.otelgraft.core.injection.ResourceAttributes.Existing;
import io.otelgraft.core.resource.EnvVar;
import io.otelgraft.core.resource.Instrumentation;
import io.otelgraft.core.resource.Instrumentation.Sampler;
import io.otelgraft.core.resource.NamespaceFacts;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.core.resource.Settings.Convention;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.Telemetry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the SDK of one container is told: who the service is, what it runs on, where telemetry goes
 * and how much of it. A pure function of pod, resource and settings.
 *
 * <p>There is one per container, for all its languages together: the environment is the process's.
 * {@link #proposals} holds the whole env that does not come from a plugin, that of the resource
 * included, for an editor that takes them in order and leaves out what is there.
 */
final class ContainerTelemetry implements Telemetry {
  private static final String SAMPLER = "OTEL_TRACES_SAMPLER";
  private static final String SAMPLER_ARGUMENT = "OTEL_TRACES_SAMPLER_ARG";
  private static final String DISABLED = "OTEL_SDK_DISABLED";
  private static final String PROPAGATORS = "OTEL_PROPAGATORS";

  private final List<Proposal> proposals;
  private final List<CertificateMount> certificates;
  private final List<Note> notes;
  private final String serviceName;
  private final String endpoint;
  private final Map<String, String> attributes;

  private ContainerTelemetry(
      List<Proposal> proposals,
      List<CertificateMount> certificates,
      List<Note> notes,
      String serviceName,
      String endpoint,
      Map<String, String> attributes) {
    this.proposals = List.copyOf(proposals);
    this.certificates = List.copyOf(certificates);
    this.notes = List.copyOf(notes);
    this.serviceName = serviceName;
    this.endpoint = endpoint;
    this.attributes = attributes;
  }

  /** The telemetry of a container with one language. */
  static ContainerTelemetry of(
      PodFacts pod,
      Optional<NamespaceFacts> namespace,
      ContainerFacts container,
      EnvLookup env,
      Language language,
      Instrumentation instrumentation,
      Settings settings) {
    return of(pod, namespace, container, env, List.of(language), instrumentation, settings);
  }

  /**
   * The telemetry of a container.
   *
   * @param languages all languages that are injected into the container, in their order; the
   *     protocol is one that all of them speak
   * @param instrumentation the resource that they use; that of the first one if there are several
   */
  static ContainerTelemetry of(
      PodFacts pod,
      Optional<NamespaceFacts> namespace,
      ContainerFacts container,
      EnvLookup env,
      List<Language> languages,
      Instrumentation instrumentation,
      Settings settings) {
    PodVariables variables = new PodVariables(pod, namespace, container, settings.clusterName());
    GivenEnv given = new GivenEnv(env, languages, instrumentation, settings, variables);
    Existing existing = Existing.in(given);
    Naming naming =
        Naming.of(pod, container, instrumentation, settings, variables, given, existing);
    OtlpExporter exporter = OtlpExporter.of(given, languages, instrumentation, settings, variables);
    ResourceAttributes attributes =
        ResourceAttributes.of(
            pod,
            container,
            instrumentation,
            settings,
            variables,
            given,
            existing,
            naming.asAttribute());

    List<Proposal> proposals = new ArrayList<>(24);
    addFields(List.of(Field.NODE_IP, Field.POD_IP), Rank.NODE, "address node and pod", proposals);
    addGiven(given, naming, proposals);
    naming.asVariable().ifPresent(name -> add(ServiceName.VARIABLE, name, Naming.RULE, proposals));
    proposals.addAll(exporter.proposals());
    List<Field> fields = new ArrayList<>(variables.fields());
    fields.remove(Field.NODE_IP);
    fields.remove(Field.POD_IP);
    addFields(fields, Rank.TELEMETRY, "name what only the kubelet knows", proposals);
    proposals.addAll(attributes.proposals());
    addPropagators(instrumentation, settings, proposals);
    addSampler(instrumentation, settings, given, proposals);
    addConfigured(given, proposals);

    List<Note> notes = new ArrayList<>(exporter.notes());
    notes.addAll(variables.notes());
    noteDisabled(given).ifPresent(notes::add);
    return new ContainerTelemetry(
        proposals,
        exporter.certificates(),
        notes,
        naming.text(),
        exporter.endpoint(),
        attributes.values());
  }

  /** What the containers of all pods get that give nothing themselves, the first of a name. */
  static List<Proposal> ofAnyPod(
      Language language, Instrumentation instrumentation, Settings settings) {
    PodVariables variables = PodVariables.asWritten();
    List<Language> languages = List.of(language);
    EnvLookup nothing =
        new TargetEnv(
            JsonNodeFactory.instance.objectNode(),
            instrumentation.section(language.id()).orElseThrow(),
            instrumentation,
            Map.of(),
            variables);
    GivenEnv given = new GivenEnv(nothing, languages, instrumentation, settings, variables);
    List<Proposal> proposals = new ArrayList<>();
    addGiven(given, Naming.NONE, proposals);
    proposals.addAll(
        OtlpExporter.of(given, languages, instrumentation, settings, variables).proposals());
    addPropagators(instrumentation, settings, proposals);
    addSampler(instrumentation, settings, given, proposals);
    addConfigured(given, proposals);
    return proposals;
  }

  /**
   * What becomes of the service's name.
   *
   * @param text the name; the empty string if the SDK is left to choose
   * @param asVariable the name that {@code OTEL_SERVICE_NAME} is to get
   * @param asAttribute the name that is to stand among the attributes, before what is not seen
   * @param beatsResource whether {@code OTEL_SERVICE_NAME} in the env of the resource is left out
   */
  private record Naming(
      String text,
      Optional<Sourced> asVariable,
      Optional<String> asAttribute,
      boolean beatsResource) {
    static final String RULE = "name the service";

    static final Naming NONE = new Naming("", Optional.empty(), Optional.empty(), false);

    static Naming of(
        PodFacts pod,
        ContainerFacts container,
        Instrumentation instrumentation,
        Settings settings,
        PodVariables variables,
        GivenEnv env,
        Existing existing) {
      Optional<Given> own = env.ofPod(ServiceName.VARIABLE);
      if (own.isPresent()) {
        return given(own.get());
      }
      Optional<String> inAttributes = existing.value(ServiceName.KEY);
      if (existing.isListedByPod() && inAttributes.isPresent()) {
        return new Naming(inAttributes.get(), Optional.empty(), Optional.empty(), true);
      }
      Optional<Given> ofResource = env.ofResource(ServiceName.VARIABLE);
      Optional<Sourced> annotated = ServiceName.annotated(pod);
      boolean unseen = existing.isUnseen();
      if (annotated.isPresent()
          && (settings.serviceNameRule() == Convention.SPECIFICATION
              || (ofResource.isEmpty() && inAttributes.isEmpty()))) {
        return named(annotated.get(), unseen && existing.isOfPod(), true);
      }
      if (ofResource.isPresent()) {
        Optional<Sourced> literal =
            ofResource.get().literal().map(name -> new Sourced(name, ofResource.get().source()));
        return unseen && existing.isOfPod() && literal.isPresent()
            ? named(literal.get(), true, true)
            : given(ofResource.get());
      }
      if (inAttributes.isPresent()) {
        return new Naming(inAttributes.get(), Optional.empty(), Optional.empty(), false);
      }
      return ServiceName.attribute(instrumentation, variables)
          .or(() -> configured(env))
          .or(() -> ServiceName.derived(pod, container, instrumentation, settings, variables))
          .map(name -> named(name, unseen, false))
          .orElse(NONE);
    }

    private static Optional<Sourced> configured(GivenEnv env) {
      return env.configured(ServiceName.VARIABLE)
          .flatMap(given -> given.literal().map(name -> new Sourced(name, given.source())));
    }

    private static Naming given(Given given) {
      String text = given.literal().orElse("$(" + ServiceName.VARIABLE + ")");
      return new Naming(text, Optional.empty(), Optional.empty(), false);
    }

    /** A name that gives way to one that may be among attributes which cannot be seen. */
    private static Naming named(Sourced name, boolean givesWay, boolean beatsResource) {
      return new Naming(
          name.value(),
          givesWay ? Optional.empty() : Optional.of(name),
          givesWay ? Optional.of(name.value()) : Optional.empty(),
          beatsResource);
    }
  }

  private static void add(String name, Sourced value, String rule, List<Proposal> into) {
    into.add(
        new Proposal(
            EnvVar.of(name, value.value()),
            Rank.TELEMETRY,
            rule,
            value.source(),
            Placement.IF_ABSENT));
  }

  private static void addFields(List<Field> fields, Rank rank, String rule, List<Proposal> into) {
    for (Field field : fields) {
      into.add(new Proposal(field.toEnvVar(), rank, rule, "default", Placement.FACT));
    }
  }

  /** The env of the resource, but for the attributes, which are merged. */
  private static void addGiven(GivenEnv env, Naming naming, List<Proposal> into) {
    for (Given given : env.ofResource()) {
      String name = given.variable().name();
      boolean beaten = naming.beatsResource() && name.equals(ServiceName.VARIABLE);
      if (!beaten && !name.equals(ResourceAttributes.VARIABLE)) {
        into.add(
            new Proposal(
                given.variable(),
                given.rank(),
                "env of the resource",
                given.source(),
                Placement.IF_ABSENT));
      }
    }
  }

  private static void addPropagators(
      Instrumentation instrumentation, Settings settings, List<Proposal> into) {
    List<String> own = instrumentation.propagators();
    List<String> names = own.isEmpty() ? settings.defaults().propagators() : own;
    if (!names.isEmpty()) {
      String source =
          own.isEmpty()
              ? "setting defaults.propagators"
              : "spec.propagators of " + instrumentation.reference();
      add(
          PROPAGATORS,
          new Sourced(String.join(",", names), source),
          "propagate the trace's context",
          into);
    }
  }

  /** Sampler and argument belong together: neither is set where somebody gave one of them. */
  private static void addSampler(
      Instrumentation instrumentation, Settings settings, GivenEnv env, List<Proposal> into) {
    Optional<Sampler> sampler = sampler(instrumentation, settings);
    if (sampler.isEmpty()
        || env.find(SAMPLER).isPresent()
        || env.find(SAMPLER_ARGUMENT).isPresent()) {
      return;
    }
    String source =
        instrumentation.sampler().isPresent()
            ? "spec.sampler of " + instrumentation.reference()
            : "setting defaults.sampler";
    String rule = "sample";
    add(SAMPLER, new Sourced(sampler.get().type(), source), rule, into);
    sampler
        .get()
        .argument()
        .filter(argument -> !argument.isEmpty())
        .ifPresent(argument -> add(SAMPLER_ARGUMENT, new Sourced(argument, source), rule, into));
  }

  private static Optional<Sampler> sampler(Instrumentation instrumentation, Settings settings) {
    return instrumentation.sampler().or(() -> settings.defaults().sampler());
  }

  /** The configured env, below all that the resource says. */
  private static void addConfigured(GivenEnv env, List<Proposal> into) {
    if (env.configured().isEmpty()) {
      return;
    }
    Set<String> taken = new HashSet<>();
    taken.add(ServiceName.VARIABLE);
    taken.add(ResourceAttributes.VARIABLE);
    for (Proposal proposal : into) {
      taken.add(proposal.variable().name());
    }
    if (taken.contains(SAMPLER) || env.find(SAMPLER).isPresent()) {
      taken.add(SAMPLER_ARGUMENT);
    }
    for (Given given : env.configured()) {
      if (taken.add(given.variable().name())) {
        into.add(
            new Proposal(
                given.variable(),
                given.rank(),
                "configured env",
                given.source(),
                Placement.IF_ABSENT));
      }
    }
  }

  /**
   * Who moves from an SDK in the code to an agent may have switched off the one, and so has both.
   *
   * @see <a
   *     href="https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/">SDK
   *     environment variables</a>
   */
  private static Optional<Note> noteDisabled(GivenEnv env) {
    return env.find(DISABLED)
        .or(() -> env.configured(DISABLED))
        .filter(given -> given.literal().filter("true"::equalsIgnoreCase).isPresent())
        .map(given ->
            new Note(
                Note.SDK_DISABLED,
                true,
                "%s is true in %s: that switches off the injected agent, too, and nothing is sent"
                    .formatted(DISABLED, given.source()),
                "remove it, best once the code sets up no SDK of its own"));
  }

  /** The entries that the container is to get, in the order in which they are to be added. */
  List<Proposal> proposals() {
    return proposals;
  }

  /** Secrets and ConfigMaps that the container is to mount, the Secret first. */
  List<CertificateMount> certificates() {
    return certificates;
  }

  /** What the user is to be told. */
  List<Note> notes() {
    return notes;
  }

  @Override
  public String serviceName() {
    return serviceName;
  }

  @Override
  public String serviceNamespace() {
    return attributes.getOrDefault("service.namespace", "");
  }

  @Override
  public String endpoint() {
    return endpoint;
  }

  @Override
  public Map<String, String> attributes() {
    return attributes;
  }
}
