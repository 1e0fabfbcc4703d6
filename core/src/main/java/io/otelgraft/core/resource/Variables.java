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

  /** The value of a pod's label: {@code K8S_POD_LABELS_APP}. */
  public static final String POD_LABELS = "K8S_POD_LABELS_";

  /** The value of a pod's annotation. */
  public static final String POD_ANNOTATIONS = "K8S_POD_ANNOTATIONS_";

  /** What a name stands for. */
  public enum Name {
    /** The IP of the pod's node. */
    NODE_IP,
    /** The name of the pod's node. */
    NODE_NAME,
    /** The pod's IP. */
    POD_IP,
    /** The pod's name. */
    POD_NAME,
    /** The pod's UID. */
    POD_UID,
    /** The pod's namespace. */
    K8S_NAMESPACE,
    /** The pod's name. */
    K8S_POD_NAME,
    /** The pod's UID. */
    K8S_POD_UID,
    /** The name of the pod's node. */
    K8S_NODE_NAME,
    /** The container's name. */
    K8S_CONTAINER_NAME,
    /** The cluster's name as configured. */
    K8S_CLUSTER_NAME,
    /** The name of the Deployment that owns the pod. */
    K8S_DEPLOYMENT_NAME,
    /** The name of the ReplicaSet that owns the pod. */
    K8S_REPLICASET_NAME,
    /** The name of the StatefulSet that owns the pod. */
    K8S_STATEFULSET_NAME,
    /** The name of the DaemonSet that owns the pod. */
    K8S_DAEMONSET_NAME,
    /** The name of the Job that owns the pod. */
    K8S_JOB_NAME,
    /** The name of the CronJob that owns the pod. */
    K8S_CRONJOB_NAME,
    /**
     * The version of what runs: the pod's label {@code app.kubernetes.io/version}, else its label
     * {@code version}, else the tag of the container's image.
     */
    DEPLOYMENT_VERSION
  }

  /** A piece of a text with variables. */
  public sealed interface Part {}

  /** Text as it stands. */
  public record Text(String text) implements Part {}

  /** A variable, known or not. */
  public record Reference(String name) implements Part {}

  private static final List<String> NAMES = Arrays.stream(Name.values()).map(Name::name).toList();

  private Variables() {}

  /**
   * The fixed names; those that start with {@link #POD_LABELS} and {@link #POD_ANNOTATIONS} are
   * known as well.
   */
  public static List<String> names() {
    return NAMES;
  }

  /** Whether a variable of that name exists; names are upper-case. */
  public static boolean isKnown(String name) {
    return NAMES.contains(name) || isKnown(name, POD_LABELS) || isKnown(name, POD_ANNOTATIONS);
  }

  private static boolean isKnown(String name, String prefix) {
    return name.length() > prefix.length()
        && name.startsWith(prefix)
        && name.equals(canonical(name));
  }

  /**
   * How a label's or annotation's key is spelled behind {@link #POD_LABELS} or {@link
   * #POD_ANNOTATIONS}: in upper case, with an underscore for everything else than letters and
   * digits; {@code app.kubernetes.io/name} becomes {@code APP_KUBERNETES_IO_NAME}.
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
