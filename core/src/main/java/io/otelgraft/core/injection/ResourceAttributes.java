package io.otelgraft.core.injection;

import io.otelgraft.core.injection.AttributeText.Part;
import io.otelgraft.core.injection.GivenEnv.Given;
import io.otelgraft.core.injection.PodVariables.Field;
import io.otelgraft.core.injection.Proposal.Placement;
import io.otelgraft.core.resource.EnvVar;
import io.otelgraft.core.resource.Instrumentation;
import io.otelgraft.core.resource.Instrumentation.Attribute;
import io.otelgraft.core.resource.Settings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The resource attributes of a container. For each key, the first that gives it:
 *
 * <ol>
 *   <li>the pod's own {@code OTEL_RESOURCE_ATTRIBUTES}
 *   <li>the pod's annotation {@code resource.opentelemetry.io/KEY}; an empty one leaves the key out
 *   <li>{@code OTEL_RESOURCE_ATTRIBUTES} in the env of the resource
 *   <li>the resource's {@code resourceAttributes}, by their action
 *   <li>{@code OTEL_RESOURCE_ATTRIBUTES} in the configured env
 *   <li>{@code service.version} from the label {@code app.kubernetes.io/version}, if the resource
 *       uses labels
 *   <li>what is known of pod, container and owners
 * </ol>
 *
 * <p>{@code service.name} is not among them: it has a variable of its own, which beats the
 * attribute. Only where the keys of a value cannot be seen, as it comes by reference and may name
 * the service, the attribute stands before it instead. A source of {@code envFrom} may hold such a
 * value as well.
 */
final class ResourceAttributes {
  static final String VARIABLE = "OTEL_RESOURCE_ATTRIBUTES";

  private static final String RULE = "describe the resource";

  private final List<Proposal> proposals;
  private final Map<String, String> values;

  private ResourceAttributes(List<Proposal> proposals, Map<String, String> values) {
    this.proposals = proposals;
    this.values = values;
  }

  List<Proposal> proposals() {
    return proposals;
  }

  /** All that can be seen, unescaped, in the order of the keys. */
  Map<String, String> values() {
    return values;
  }

  static String field(Instrumentation instrumentation) {
    return "spec.resource.resourceAttributes of " + instrumentation.reference();
  }

  /**
   * What pod and resource give as {@code OTEL_RESOURCE_ATTRIBUTES}, of which the pod's counts.
   *
   * @param entry the entry; null if there is none
   * @param parts the parts of a literal
   * @param kept the name under which what comes by reference is kept
   * @param sources what the pod may give beside it by {@code envFrom}, under that name
   */
  record Existing(Given entry, List<Part> parts, String kept, List<EnvVar> sources) {

    static Existing in(GivenEnv env) {
      Given found = env.find(VARIABLE).orElse(null);
      boolean decided =
          found != null && found.rank() == Rank.ORIGINAL && !EnvDraft.isOptional(found.variable());
      String kept = EnvDraft.KEPT + VARIABLE;
      for (int i = 2; env.ofPod(kept).isPresent(); i++) {
        kept = EnvDraft.KEPT + VARIABLE + "_" + i;
      }
      return new Existing(
          found,
          found == null ? List.of() : found.literal().map(AttributeText::parse).orElse(List.of()),
          kept,
          decided ? List.of() : env.envFrom().entries(VARIABLE, kept));
    }

    boolean isListedByPod() {
      return entry != null && entry.rank() == Rank.ORIGINAL;
    }

    /**
     * Whether what the pod gives is to count before all else, and not only what a resource does.
     */
    boolean isOfPod() {
      return isListedByPod() || !sources.isEmpty();
    }

    /** Whether there may be keys that cannot be seen. */
    boolean isUnseen() {
      return isByReference() || parts.stream().anyMatch(Part::isUnseen);
    }

    /** Whether all of it, or more beside it, comes from a source. */
    boolean isByReference() {
      return !sources.isEmpty() || (entry != null && entry.literal().isEmpty());
    }

    Optional<String> value(String key) {
      Optional<String> value = Optional.empty();
      for (Part part : parts) {
        if (key.equals(part.key())) {
          value = Optional.of(part.value());
        }
      }
      return value;
    }
  }

  /**
   * Merges all that gives attributes.
   *
   * @param serviceName the name of the service, if it is to stand among the attributes
   */
  static ResourceAttributes of(
      PodFacts pod,
      ContainerFacts container,
      Instrumentation instrumentation,
      Settings settings,
      PodVariables variables,
      GivenEnv env,
      Existing existing,
      Optional<String> serviceName) {
    TreeMap<String, String> derived = new TreeMap<>();
    addFacts(pod, container, instrumentation.addK8sUidAttributes(), variables, derived);
    settings.clusterName().ifPresent(name -> derived.put("k8s.cluster.name", name));
    addVersion(pod, container, instrumentation, derived);
    env.configured(VARIABLE)
        .flatMap(Given::literal)
        .ifPresent(text -> {
          for (Part part : AttributeText.parse(text)) {
            if (part.key() != null) {
              derived.put(part.key(), part.value());
            }
          }
        });
    act(instrumentation, variables, derived);
    derived.remove(ServiceName.KEY);
    serviceName.ifPresent(name -> derived.put(ServiceName.KEY, name));
    Map<String, String> annotated = annotated(pod);
    derived.keySet().removeAll(annotated.keySet());
    annotated.values().removeIf(String::isEmpty);
    return new Merge(existing, derived, annotated, source(existing, instrumentation, annotated))
        .toAttributes(variables);
  }

  private static void addFacts(
      PodFacts pod,
      ContainerFacts container,
      boolean uids,
      PodVariables variables,
      Map<String, String> into) {
    String podName = variables.reference(Field.POD_NAME);
    into.put("k8s.namespace.name", pod.namespace());
    into.put("k8s.container.name", container.name());
    into.put("k8s.pod.name", podName);
    into.put("k8s.node.name", pod.nodeName().orElse(Field.NODE_NAME.reference()));
    into.put("service.namespace", pod.namespace());
    into.put("service.instance.id", pod.namespace() + "." + podName + "." + container.name());
    if (uids) {
      into.put("k8s.pod.uid", Field.POD_UID.reference());
    }
    for (Owner owner : pod.owners()) {
      String key = owner.known().map(Owner.Kind::attribute).orElse("");
      if (!key.isEmpty()) {
        into.put(key + ".name", owner.name());
        if (uids && owner.uid().isPresent()) {
          into.put(key + ".uid", owner.uid().get());
        }
      }
    }
  }

  private static void addVersion(
      PodFacts pod,
      ContainerFacts container,
      Instrumentation instrumentation,
      Map<String, String> into) {
    String label =
        instrumentation.useLabelsForResourceAttributes()
            ? pod.labels().getOrDefault("app.kubernetes.io/version", "")
            : "";
    Optional<String> version = label.isEmpty() ? container.image().version() : Optional.of(label);
    version.ifPresent(value -> into.put("service.version", value));
  }

  private static void act(
      Instrumentation instrumentation, PodVariables variables, Map<String, String> on) {
    for (Attribute attribute : instrumentation.attributes()) {
      String key = attribute.key();
      if (key.equals(ServiceName.KEY)) {
        continue;
      }
      Optional<String> value =
          switch (attribute.action()) {
            case UPSERT -> resolve(attribute, instrumentation, variables);
            case UPDATE ->
                on.containsKey(key)
                    ? resolve(attribute, instrumentation, variables)
                    : Optional.empty();
            case INSERT ->
                on.containsKey(key)
                    ? Optional.empty()
                    : resolve(attribute, instrumentation, variables);
            case DELETE -> {
              on.remove(key);
              yield Optional.empty();
            }
          };
      value.filter(text -> !text.isEmpty()).ifPresent(text -> on.put(key, text));
    }
  }

  private static Optional<String> resolve(
      Attribute attribute, Instrumentation instrumentation, PodVariables variables) {
    return variables.resolve(attribute.value(), attribute.key() + " in " + field(instrumentation));
  }

  /** The annotated attributes; an empty value stands for a key that is to be left out. */
  private static Map<String, String> annotated(PodFacts pod) {
    Map<String, String> annotated = new TreeMap<>();
    for (Map.Entry<String, String> annotation : pod.annotations().entrySet()) {
      String key = annotation.getKey();
      if (key.startsWith(Annotations.RESOURCE_ATTRIBUTE) && !key.equals(ServiceName.ANNOTATION)) {
        annotated.put(
            key.substring(Annotations.RESOURCE_ATTRIBUTE.length()), annotation.getValue());
      }
    }
    return annotated;
  }

  private static String source(
      Existing existing, Instrumentation instrumentation, Map<String, String> annotated) {
    StringBuilder source = new StringBuilder();
    if (existing.entry() != null) {
      source.append(existing.entry().source()).append(", ");
    }
    if (!annotated.isEmpty()) {
      source.append("annotations ").append(Annotations.RESOURCE_ATTRIBUTE).append("* of the pod, ");
    }
    if (!instrumentation.attributes().isEmpty()) {
      source.append(field(instrumentation)).append(", ");
    }
    return source.append("facts of the pod").toString();
  }

  /**
   * Joins what is there already with what is added. A key that stands more than once counts where
   * it stands last, so what cannot be seen stands behind all that it beats.
   *
   * @param derived below the env of the resource
   * @param annotated above the env of the resource, below that of the pod
   */
  private record Merge(
      Existing existing,
      TreeMap<String, String> derived,
      Map<String, String> annotated,
      String source) {

    ResourceAttributes toAttributes(PodVariables variables) {
      List<Part> kept = existing.parts();
      if (!existing.isListedByPod() && !annotated.isEmpty()) {
        kept = kept.stream().filter(part -> !annotated.containsKey(key(part))).toList();
      }
      Set<String> keys = new HashSet<>();
      for (Part part : kept) {
        keys.add(key(part));
      }
      derived.keySet().removeAll(keys);
      annotated.keySet().removeAll(keys);
      List<Proposal> proposals = new ArrayList<>(3);
      String text = join(kept, keepSources(proposals));
      refer(variables, text);
      Placement placement = existing.isListedByPod() ? Placement.INSTEAD : Placement.FACT;
      proposals.add(
          new Proposal(EnvVar.of(VARIABLE, text), Rank.ATTRIBUTES, RULE, source, placement));
      Map<String, String> values = new TreeMap<>(derived);
      values.putAll(annotated);
      for (Part part : kept) {
        if (part.key() != null) {
          values.put(part.key(), part.value());
        }
      }
      return new ResourceAttributes(proposals, Collections.unmodifiableMap(values));
    }

    private static String key(Part part) {
      return part.key() == null ? "" : part.key();
    }

    /** Keeps sources under another name, and gives the reference to it; empty for a literal. */
    private String keepSources(List<Proposal> into) {
      if (!existing.isByReference()) {
        return "";
      }
      List<EnvVar> chain = new ArrayList<>(existing.sources());
      Given entry = existing.entry();
      if (entry != null && entry.literal().isEmpty()) {
        EnvVar moved =
            new EnvVar(
                existing.kept(), entry.variable().entry().deepCopy().put("name", existing.kept()));
        chain.add(entry.rank() == Rank.ORIGINAL ? chain.size() : 0, moved);
      }
      if (EnvDraft.isOptional(chain.getFirst())) {
        // The kubelet leaves a reference to a variable that is not set as it stands, and SDKs stop
        // at that, some of them at an empty pair as well.
        chain.addFirst(EnvVar.of(existing.kept(), pairThatIsThereAnyway()));
      }
      chain.forEach(
          variable -> into.add(kept(variable, into.isEmpty() ? Placement.FACT : Placement.BESIDE)));
      return "$(" + existing.kept() + ")";
    }

    private String pairThatIsThereAnyway() {
      StringBuilder pair = new StringBuilder();
      Map.Entry<String, String> first = derived.firstEntry();
      if (first != null) {
        append(Map.of(first.getKey(), first.getValue()), pair);
      }
      return pair.toString();
    }

    private Proposal kept(EnvVar variable, Placement placement) {
      String rule = "keep the attributes that come by reference";
      String source =
          existing.sources().contains(variable) || existing.entry() == null
              ? "envFrom of the pod"
              : existing.entry().source();
      return new Proposal(variable, Rank.TELEMETRY, rule, source, placement);
    }

    private String join(List<Part> kept, String reference) {
      StringBuilder text = new StringBuilder(512);
      if (existing.isUnseen()) {
        append(derived, text);
        if (existing.isOfPod()) {
          append(annotated, text);
        }
        append(kept, reference, text);
        if (!existing.isOfPod()) {
          append(annotated, text);
        }
      } else {
        append(kept, reference, text);
        Map<String, String> all = new TreeMap<>(derived);
        all.putAll(annotated);
        append(all, text);
      }
      return text.toString();
    }

    private void append(List<Part> kept, String reference, StringBuilder text) {
      boolean whole = kept.size() == existing.parts().size();
      if (whole && !kept.isEmpty()) {
        // As it stands, blanks and all.
        String literal = existing.entry().literal().orElseThrow();
        int end = literal.endsWith(",") ? literal.length() - 1 : literal.length();
        separate(text).append(literal, 0, end);
      } else {
        for (Part part : kept) {
          separate(text).append(part.text());
        }
      }
      if (!reference.isEmpty()) {
        separate(text).append(reference);
      }
    }

    private static void append(Map<String, String> attributes, StringBuilder text) {
      for (Map.Entry<String, String> attribute : attributes.entrySet()) {
        AttributeText.encode(attribute.getKey(), separate(text));
        AttributeText.encode(attribute.getValue(), text.append('='));
      }
    }

    private static StringBuilder separate(StringBuilder text) {
      return text.isEmpty() ? text : text.append(',');
    }

    /** Fields that the kubelet fills are wanted where the text has come to refer to them. */
    private static void refer(PodVariables variables, String text) {
      for (Field field : List.of(Field.POD_UID, Field.NODE_NAME)) {
        if (text.contains(field.reference())) {
          variables.reference(field);
        }
      }
    }
  }
}
