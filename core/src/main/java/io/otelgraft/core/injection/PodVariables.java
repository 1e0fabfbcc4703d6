package io.otelgraft.core.injection;

import io.otelgraft.core.resource.EnvVar;
import io.otelgraft.core.resource.ImageName;
import io.otelgraft.core.resource.NamespaceFacts;
import io.otelgraft.core.resource.Variables;
import io.otelgraft.core.resource.Variables.Family;
import io.otelgraft.core.resource.Variables.Name;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The {@link Variables} of one container: what is known at admission becomes text, and what only
 * the kubelet will know becomes a {@code $(NAME)} reference to a variable that is filled from a
 * field of the pod. It keeps account of these, and of variables without a value.
 */
final class PodVariables {

  /** A variable that the kubelet fills from a field of the pod. */
  enum Field {
    NODE_IP("OTEL_NODE_IP", "status.hostIP"),
    POD_IP("OTEL_POD_IP", "status.podIP"),
    POD_NAME("OTEL_RESOURCE_ATTRIBUTES_POD_NAME", "metadata.name"),
    POD_UID("OTEL_RESOURCE_ATTRIBUTES_POD_UID", "metadata.uid"),
    NODE_NAME("OTEL_RESOURCE_ATTRIBUTES_NODE_NAME", "spec.nodeName");

    private final String variable;
    private final String path;
    private final String reference;

    Field(String variable, String path) {
      this.variable = variable;
      this.path = path;
      this.reference = "$(" + variable + ")";
    }

    /** {@code $(NAME)}. */
    String reference() {
      return reference;
    }

    EnvVar toEnvVar() {
      return ENTRIES.get(this);
    }
  }

  /** Made once, as no entry is ever changed. */
  private static final Map<Field, EnvVar> ENTRIES = new EnumMap<>(Field.class);

  static {
    for (Field field : Field.values()) {
      ENTRIES.put(field, EnvVar.field(field.variable, field.path));
    }
  }

  private final PodFacts pod;
  private final Optional<NamespaceFacts> namespace;
  private final ContainerFacts container;
  private final Optional<String> clusterName;
  private final boolean asWritten;
  private final Set<Field> fields = EnumSet.noneOf(Field.class);
  private final List<Note> notes = new ArrayList<>(0);

  PodVariables(
      PodFacts pod,
      Optional<NamespaceFacts> namespace,
      ContainerFacts container,
      Optional<String> clusterName) {
    this(pod, namespace, container, clusterName, false);
  }

  private PodVariables(
      PodFacts pod,
      Optional<NamespaceFacts> namespace,
      ContainerFacts container,
      Optional<String> clusterName,
      boolean asWritten) {
    this.pod = pod;
    this.namespace = namespace;
    this.container = container;
    this.clusterName = clusterName;
    this.asWritten = asWritten;
  }

  /** Those of no pod: texts stay as they are written. */
  static PodVariables asWritten() {
    return new PodVariables(
        PodFacts.NONE,
        Optional.empty(),
        new ContainerFacts("", ImageName.of(""), false),
        Optional.empty(),
        true);
  }

  /** The fields that are referred to. */
  Set<Field> fields() {
    return fields;
  }

  /** What is to be told about variables without a value. */
  List<Note> notes() {
    return notes;
  }

  /** A reference to a field. */
  String reference(Field field) {
    fields.add(field);
    return field.reference;
  }

  /** The name of the pod's node. */
  String nodeName() {
    return pod.nodeName().orElseGet(() -> reference(Field.NODE_NAME));
  }

  /**
   * Fills in a text.
   *
   * @param text which may hold {@code ${NAME}}
   * @param where the text stands, for the note
   * @return empty, with a note, if one of its variables has no value for this pod
   */
  Optional<String> resolve(String text, String where) {
    return resolve(text, where, false);
  }

  private Optional<String> resolve(String text, String where, boolean amongAttributes) {
    if (asWritten || text.indexOf("${") < 0) {
      return Optional.of(text);
    }
    StringBuilder resolved = new StringBuilder(text.length() + 32);
    for (Variables.Part part : Variables.parse(text)) {
      switch (part) {
        case Variables.Text(String literal) -> resolved.append(literal);
        case Variables.Reference(String name) -> {
          Optional<String> value = value(name);
          if (value.isEmpty()) {
            noteMissing(name, where);
            return Optional.empty();
          }
          if (amongAttributes) {
            AttributeText.encode(value.get(), resolved);
          } else {
            resolved.append(value.get());
          }
        }
      }
    }
    return Optional.of(resolved.toString());
  }

  /**
   * Fills in an entry of a resource's env.
   *
   * @return empty, with a note, if one of its variables has no value for this pod
   */
  Optional<EnvVar> resolve(EnvVar variable, String where) {
    String text = variable.literal().orElse("");
    if (asWritten || text.indexOf("${") < 0) {
      return Optional.of(variable);
    }
    return resolve(text, where, variable.name().equals(ResourceAttributes.VARIABLE))
        .map(resolved ->
            new EnvVar(variable.name(), variable.entry().deepCopy().put("value", resolved)));
  }

  private void noteMissing(String name, String where) {
    String message =
        Variables.isKnown(name)
            ? "${" + name + "} in " + where + " has no value for this pod"
            : "${" + name + "} in " + where + " is not a variable that Graft knows";
    String fix =
        Variables.nearest(name)
            .filter(known -> !known.equals(name))
            .map(known -> "write ${" + known + "}")
            .orElse("give it one, or write the value itself");
    notes.add(new Note(Note.VARIABLE_WITHOUT_VALUE, true, message + ": it is left out", fix));
  }

  private Optional<String> value(String name) {
    Optional<Family> family = Variables.family(name);
    if (family.isPresent()) {
      String key = name.substring(family.get().prefix().length());
      return switch (family.get()) {
        case POD_LABELS -> find(pod.labels(), key);
        case POD_ANNOTATIONS -> find(pod.annotations(), key);
        case NAMESPACE_LABELS -> namespace.flatMap(facts -> find(facts.labels(), key));
        case NAMESPACE_ANNOTATIONS -> namespace.flatMap(facts -> find(facts.annotations(), key));
      };
    }
    return Variables.isKnown(name) ? value(Name.valueOf(name)) : Optional.empty();
  }

  private Optional<String> value(Name name) {
    return switch (name) {
      case NODE_IP, K8S_NODE_IP -> Optional.of(reference(Field.NODE_IP));
      case POD_IP, K8S_POD_IP -> Optional.of(reference(Field.POD_IP));
      case NODE_NAME, K8S_NODE_NAME -> Optional.of(nodeName());
      case POD_NAME, K8S_POD_NAME ->
          Optional.of(pod.name().orElseGet(() -> reference(Field.POD_NAME)));
      case POD_UID, K8S_POD_UID -> Optional.of(reference(Field.POD_UID));
      case K8S_NAMESPACE, K8S_NAMESPACE_NAME -> Optional.of(pod.namespace());
      case K8S_CONTAINER_NAME -> Optional.of(container.name());
      case K8S_CONTAINER_IMAGE_NAME -> given(container.image().repository());
      case K8S_CONTAINER_IMAGE_TAG -> container.image().tag();
      case K8S_CLUSTER_NAME -> clusterName;
      case K8S_OWNER_KIND -> pod.lastOwner().map(Owner::kind);
      case K8S_OWNER_NAME -> pod.lastOwner().map(Owner::name);
      case K8S_DEPLOYMENT_NAME -> pod.owner(Owner.Kind.DEPLOYMENT);
      case K8S_REPLICASET_NAME -> pod.owner(Owner.Kind.REPLICA_SET);
      case K8S_STATEFULSET_NAME -> pod.owner(Owner.Kind.STATEFUL_SET);
      case K8S_DAEMONSET_NAME -> pod.owner(Owner.Kind.DAEMON_SET);
      case K8S_JOB_NAME -> pod.owner(Owner.Kind.JOB);
      case K8S_CRONJOB_NAME -> pod.owner(Owner.Kind.CRON_JOB);
      case K8S_REPLICATIONCONTROLLER_NAME -> pod.owner(Owner.Kind.REPLICATION_CONTROLLER);
      case K8S_DEPLOYMENTCONFIG_NAME -> pod.owner(Owner.Kind.DEPLOYMENT_CONFIG);
      case K8S_ROLLOUT_NAME -> pod.owner(Owner.Kind.ROLLOUT);
      case DEPLOYMENT_VERSION -> version();
    };
  }

  private Optional<String> version() {
    return given(pod.labels().get("app.kubernetes.io/version"))
        .or(() -> given(pod.labels().get("version")))
        .or(container.image()::version);
  }

  private static Optional<String> find(Map<String, String> entries, String canonicalKey) {
    for (Map.Entry<String, String> entry : entries.entrySet()) {
      if (Variables.canonical(entry.getKey()).equals(canonicalKey)) {
        // The kubelet takes $(NAME) and $$ for more than text.
        return given(entry.getValue().replace("$", "$$"));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> given(String value) {
    return value == null || value.isEmpty() ? Optional.empty() : Optional.of(value);
  }
}
