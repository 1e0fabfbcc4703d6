package io.otelgraft.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.core.document.Document;
import io.otelgraft.core.injection.Annotations;
import io.otelgraft.core.injection.Edit;
import io.otelgraft.core.injection.Reasons;
import io.otelgraft.spi.Need;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the containers and volumes that were added keep to, as a cluster judges it. */
final class AddedRules {
  private static final String STORAGE = "ephemeral-storage";
  private static final BigDecimal UNBOUNDED = BigDecimal.TEN.pow(40);
  private static final List<String> COUNTED = List.of("cpu", "memory", STORAGE);

  private AddedRules() {}

  /** Local volumes for which the cluster autoscaler would leave the pod on its node. */
  static List<String> unevictable(Trial trial) {
    if (!trial.isInjected()) {
      return List.of();
    }
    List<String> safe =
        Arrays.asList(
            trial
                .after()
                .path("metadata")
                .path("annotations")
                .path(Annotations.SAFE_TO_EVICT)
                .asText("")
                .split(","));
    List<String> breaches = new ArrayList<>();
    for (Edit edit : trial.decision().journal().edits()) {
      boolean local = edit.value().has("emptyDir") || edit.value().has("hostPath");
      if (edit.part() == Edit.Part.VOLUME && local && !safe.contains(edit.name())) {
        breaches.add("volume " + edit.name() + " is not in " + Annotations.SAFE_TO_EVICT);
      }
    }
    return breaches;
  }

  /** Whether it runs the image of a target, which has to have such a user then. */
  private static boolean isClone(JsonNode container, Trial trial) {
    for (String list : List.of("initContainers", "containers")) {
      for (JsonNode own : trial.before().path("spec").path(list)) {
        if (trial.targets().contains(own.path("name").asText())
            && own.path("image").equals(container.path("image"))) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isOverruledByTarget(Trial trial) {
    JsonNode spec = trial.before().path("spec");
    return Stream.of("initContainers", "containers")
        .flatMap(list -> spec.path(list).valueStream())
        .filter(own -> trial.targets().contains(own.path("name").asText()))
        .anyMatch(own -> !own.at("/securityContext/runAsNonRoot").asBoolean(true));
  }

  /**
   * Containers that are root, or that the kubelet does not start as it cannot see that they are
   * not, where they are not to be. What the pod says counts, unless a language declares the need or
   * a target says otherwise for itself.
   */
  static List<String> unstartable(Trial trial) {
    JsonNode pod = trial.after().path("spec").path("securityContext");
    boolean declared =
        trial.languages().stream().anyMatch(language -> language.needs().contains(Need.ROOT));
    boolean podIsNonRoot =
        !declared && pod.path("runAsNonRoot").asBoolean(false) && !isOverruledByTarget(trial);
    List<String> breaches = new ArrayList<>();
    for (JsonNode container : containers(trial)) {
      JsonNode own = container.path("securityContext");
      JsonNode user = own.has("runAsUser") ? own.get("runAsUser") : pod.path("runAsUser");
      JsonNode nonRoot =
          own.has("runAsNonRoot") ? own.get("runAsNonRoot") : pod.path("runAsNonRoot");
      if ((podIsNonRoot || nonRoot.asBoolean(false))
          && user.asLong(0) == 0
          && !isClone(container, trial)) {
        breaches.add(
            "container "
                + container.path("name").asText()
                + " is to run as non-root and has no user but "
                + user);
      }
    }
    return breaches;
  }

  /**
   * What the LimitRanges of the story forbid: to the containers that were added, and to a pod that
   * they allowed as it came.
   */
  static List<String> overLimits(Trial trial) {
    List<JsonNode> items = limits(trial);
    List<String> breaches = new ArrayList<>();
    for (JsonNode item : items) {
      if (item.path("type").asText().equals("Container")) {
        containers(trial).forEach(container -> judge(container, item, breaches));
      }
    }
    if (trial.isInjected() && LimitedPod.breaches(trial.before(), items).isEmpty()) {
      breaches.addAll(LimitedPod.breaches(trial.after(), items));
    }
    return breaches;
  }

  /**
   * A limit of ephemeral storage that the pod's containers have together and that is less than
   * before without what the volumes that were added may take: the kubelet evicts for it. Where that
   * cannot be helped it is told.
   */
  static List<String> lostStorage(Trial trial) {
    boolean told =
        trial.decision().findings().stream()
            .anyMatch(finding -> finding.reason().equals(Reasons.EPHEMERAL_STORAGE_SHORT));
    if (!trial.isInjected() || told) {
      return List.of();
    }
    List<JsonNode> items = limits(trial);
    Optional<Quantity> before = LimitedPod.limit(trial.before(), items, STORAGE);
    Optional<Quantity> after = LimitedPod.limit(trial.after(), items, STORAGE);
    if (before.isEmpty() || after.isEmpty()) {
      return before.isEmpty() && after.isPresent()
          ? List.of("there was no limit of " + STORAGE + ", and it is " + after.get())
          : List.of();
    }
    BigDecimal taken = BigDecimal.ZERO;
    for (Edit edit : trial.edits()) {
      if (edit.part() == Edit.Part.VOLUME && edit.value().has("emptyDir")) {
        taken = taken.add(amount(edit.value().path("emptyDir"), "sizeLimit").orElse(UNBOUNDED));
      }
    }
    BigDecimal left = after.get().amount().subtract(taken);
    return left.compareTo(before.get().amount()) < 0
        ? List.of("of %s, %s is left of %s".formatted(STORAGE, left.toPlainString(), before.get()))
        : List.of();
  }

  /** The items of the LimitRanges in the pod's namespace. */
  private static List<JsonNode> limits(Trial trial) {
    List<JsonNode> items = new ArrayList<>();
    for (Document document : trial.story().resources()) {
      JsonNode limits = document.tree();
      if (limits.path("kind").asText().equals("LimitRange")
          && limits
              .at("/metadata/namespace")
              .asText(Story.NAMESPACE)
              .equals(trial.request().facts().namespace())) {
        limits.at("/spec/limits").forEach(items::add);
      }
    }
    return items;
  }

  private static void judge(JsonNode container, JsonNode item, List<String> breaches) {
    JsonNode limits = container.path("resources").path("limits");
    JsonNode requests = container.path("resources").path("requests");
    for (String resource : COUNTED) {
      String what = "container " + container.path("name").asText() + ": " + resource + " of ";
      Optional<BigDecimal> limit = amount(limits, resource);
      Optional<BigDecimal> request = amount(requests, resource);
      Optional<BigDecimal> max = amount(item.path("max"), resource);
      Optional<BigDecimal> min = amount(item.path("min"), resource);
      Optional<BigDecimal> ratio = amount(item.path("maxLimitRequestRatio"), resource);
      if (max.isPresent() && limit.filter(it -> it.compareTo(max.get()) > 0).isPresent()) {
        breaches.add(what + limit.get() + " is over " + max.get());
      }
      if (min.isPresent() && request.filter(it -> it.compareTo(min.get()) < 0).isPresent()) {
        breaches.add(what + request.get() + " is under " + min.get());
      }
      if (ratio.isPresent()
          && limit.isPresent()
          && request
              .filter(it -> it.multiply(ratio.get()).compareTo(limit.get()) < 0)
              .isPresent()) {
        breaches.add(what + limit.get() + " is more than " + ratio.get() + " times the request");
      }
    }
  }

  private static Optional<BigDecimal> amount(JsonNode amounts, String resource) {
    return amounts.has(resource)
        ? Quantity.of(amounts.get(resource)).map(Quantity::amount)
        : Optional.empty();
  }

  private static List<JsonNode> containers(Trial trial) {
    return trial.isInjected()
        ? trial.added().stream().map(path -> trial.after().at(path)).toList()
        : List.of();
  }
}
