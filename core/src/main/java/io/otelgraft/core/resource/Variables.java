package io.otelgraft.core.resource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The {@code ${NAME}} variables of an {@code Instrumentation}: usable in the exporter's endpoint,
 * in resource attributes and in env values, and filled in for each pod.
 *
 * <p>{@code ${NAME}} with a NAME of letters, digits and underscores is a variable. {@code $${NAME}}
 * stands for the text {@code ${NAME}}. Everything else is text as it stands, {@code $(NAME)} for
 * the kubelet, {@code ${user.home}} and {@code ${sys:NAME}} included.
 */
public final class Variables {

  /** A family of variables: what follows the prefix is the key of an entry. */
  public enum Family {
    POD_LABELS("K8S_POD_LABELS_", "Value of the pod's label KEY"),
    POD_ANNOTATIONS("K8S_POD_ANNOTATIONS_", "Value of the pod's annotation KEY"),
    NAMESPACE_LABELS("K8S_NAMESPACE_LABELS_", "Value of the namespace's label KEY"),
    NAMESPACE_ANNOTATIONS("K8S_NAMESPACE_ANNOTATIONS_", "Value of the namespace's annotation KEY");

    private final String prefix;
    private final String meaning;

    Family(String prefix, String meaning) {
      this.prefix = prefix;
      this.meaning = meaning;
    }

    /** What the names begin with. */
    public String prefix() {
      return prefix;
    }

    /** For the documentation. */
    public String meaning() {
      return meaning;
    }
  }

  /** What a name stands for. */
  public enum Name {
    NODE_IP("IP of the pod's node"),
    K8S_NODE_IP("The same"),
    NODE_NAME("Name of the pod's node"),
    K8S_NODE_NAME("The same"),
    POD_IP("IP of the pod"),
    K8S_POD_IP("The same"),
    POD_NAME("Name of the pod"),
    K8S_POD_NAME("The same"),
    POD_UID("UID of the pod"),
    K8S_POD_UID("The same"),
    K8S_NAMESPACE("Namespace of the pod"),
    K8S_NAMESPACE_NAME("The same"),
    K8S_CONTAINER_NAME("Name of the container"),
    K8S_CONTAINER_IMAGE_NAME("The container's image without tag and digest"),
    K8S_CONTAINER_IMAGE_TAG("Tag of the container's image"),
    K8S_CLUSTER_NAME("Name of the cluster: the setting `cluster-name`"),
    K8S_OWNER_KIND("Kind of what controls the pod in the end, such as `Deployment`"),
    K8S_OWNER_NAME("Name of what controls the pod in the end"),
    K8S_DEPLOYMENT_NAME("Name of the Deployment"),
    K8S_REPLICASET_NAME("Name of the ReplicaSet"),
    K8S_STATEFULSET_NAME("Name of the StatefulSet"),
    K8S_DAEMONSET_NAME("Name of the DaemonSet"),
    K8S_JOB_NAME("Name of the Job"),
    K8S_CRONJOB_NAME("Name of the CronJob"),
    K8S_REPLICATIONCONTROLLER_NAME("Name of the ReplicationController"),
    K8S_DEPLOYMENTCONFIG_NAME("Name of OpenShift's DeploymentConfig"),
    K8S_ROLLOUT_NAME("Name of Argo's Rollout"),
    DEPLOYMENT_VERSION(
        "Version of what runs: the pod's label `app.kubernetes.io/version`, else its label"
            + " `version`, else the tag or digest of the container's image");

    private final String meaning;

    Name(String meaning) {
      this.meaning = meaning;
    }

    /** For the documentation. */
    public String meaning() {
      return meaning;
    }
  }

  /** A piece of a text with variables. */
  public sealed interface Part {}

  /** Text as it stands. */
  public record Text(String text) implements Part {}

  /** A variable, known or not. */
  public record Reference(String name) implements Part {}

  private static final List<String> NAMES = Arrays.stream(Name.values()).map(Name::name).toList();

  private static final Family[] FAMILIES = Family.values();

  private Variables() {}

  /** The fixed names; those of a {@link Family} are known as well. */
  public static List<String> names() {
    return NAMES;
  }

  /** Whether a variable of that name exists; names are upper-case. */
  public static boolean isKnown(String name) {
    return NAMES.contains(name) || family(name).isPresent();
  }

  /** The family of a name; empty for one that is fixed or unknown. */
  public static Optional<Family> family(String name) {
    for (Family family : FAMILIES) {
      if (name.length() > family.prefix.length()
          && name.startsWith(family.prefix)
          && name.equals(canonical(name))) {
        return Optional.of(family);
      }
    }
    return Optional.empty();
  }

  /**
   * How a label's or annotation's key is spelled behind the prefix of its {@link Family}: in upper
   * case, with an underscore for everything else than letters and digits; {@code
   * app.kubernetes.io/name} becomes {@code APP_KUBERNETES_IO_NAME}.
   */
  public static String canonical(String key) {
    StringBuilder name = new StringBuilder(key.length());
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      boolean kept = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      name.append(kept ? c : c >= 'a' && c <= 'z' ? (char) (c - 'a' + 'A') : '_');
    }
    return name.toString();
  }

  /** The known name that is nearest to an unknown one; empty if none is near. */
  public static Optional<String> nearest(String name) {
    String upper = canonical(name);
    return isKnown(upper) ? Optional.of(upper) : NearestName.of(name, NAMES);
  }

  /** The names in a text that no variable has, each once, in the text's order. */
  public static List<String> unknownIn(String text) {
    return parse(text).stream()
        .filter(Reference.class::isInstance)
        .map(part -> ((Reference) part).name())
        .filter(name -> !isKnown(name))
        .distinct()
        .toList();
  }

  /**
   * Takes a text apart; one {@link Text} for a text without variables, nothing for the empty text.
   */
  public static List<Part> parse(String text) {
    int dollar = text.indexOf("${");
    if (dollar < 0) {
      return text.isEmpty() ? List.of() : List.of(new Text(text));
    }
    List<Part> parts = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    int from = 0;
    for (; dollar >= 0; dollar = text.indexOf("${", dollar + 2)) {
      int end = endOfName(text, dollar + 2);
      if (end < 0) {
        continue;
      }
      boolean escaped = dollar > from && text.charAt(dollar - 1) == '$';
      literal.append(text, from, escaped ? dollar - 1 : dollar);
      from = end + 1;
      if (escaped) {
        literal.append(text, dollar, from);
      } else {
        add(literal, parts);
        parts.add(new Reference(text.substring(dollar + 2, end)));
      }
    }
    literal.append(text, from, text.length());
    add(literal, parts);
    return List.copyOf(parts);
  }

  private static void add(StringBuilder literal, List<Part> parts) {
    if (!literal.isEmpty()) {
      parts.add(new Text(literal.toString()));
      literal.setLength(0);
    }
  }

  /** Where the brace that ends a name stands; -1 if this is not a name in braces. */
  private static int endOfName(String text, int start) {
    int at = start;
    while (at < text.length() && isNamePart(text.charAt(at))) {
      at++;
    }
    return at > start && at < text.length() && text.charAt(at) == '}' ? at : -1;
  }

  private static boolean isNamePart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }
}
