package io.otelgraft.core.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the LimitRanges of a namespace allow the containers of a pod, one by one and together.
 *
 * @param items the {@code spec.limits} of all of them
 * @see <a href="https://kubernetes.io/docs/concepts/policy/limit-range/">Limit Ranges</a>
 */
public record LimitRanges(List<JsonNode> items) {

  /** Of a namespace that has none, as far as is known. */
  public static final LimitRanges NONE = new LimitRanges(List.of());

  private static final String LIMITS = "limits";
  private static final String REQUESTS = "requests";
  private static final String RATIO = "maxLimitRequestRatio";
  private static final String[] COUNTED = {"cpu", "memory", "ephemeral-storage"};

  /** More than there is of anything. */
  private static final BigDecimal PLENTY = BigDecimal.TEN.pow(40);

  public LimitRanges {
    items = List.copyOf(items);
  }

  /** Whether they allow all. */
  public boolean isEmpty() {
    return items.isEmpty();
  }

  /** These and those of one more object of kind LimitRange. */
  LimitRanges and(JsonNode limitRange) {
    List<JsonNode> more = new ArrayList<>(items);
    limitRange.path("spec").path("limits").forEach(more::add);
    return new LimitRanges(more);
  }

  /**
   * What the API server would not admit a pod for.
   *
   * @return as the end of a sentence; empty if it would
   */
  public Optional<String> breach(PodUse pod) {
    PodUse complete = completed(pod);
    for (JsonNode item : items) {
      Optional<String> breach = Optional.empty();
      if (isOf(item, "Container")) {
        for (PodUse.Part part : complete.parts()) {
          PodUse alone =
              new PodUse(
                  List.of(new PodUse.Part(part.name(), PodUse.Kind.CONTAINER, part.resources())),
                  MissingNode.getInstance());
          breach = breach.or(() -> breach(item, alone, "of container " + part.name()));
        }
      } else if (isOf(item, "Pod")) {
        breach = breach(item, complete, "of the pod");
      }
      if (breach.isPresent()) {
        return breach;
      }
    }
    return Optional.empty();
  }

  /** A pod as the API server completes the resources of its containers. */
  public PodUse completed(PodUse pod) {
    return pod.each(this::complete);
  }

  private static Optional<String> breach(JsonNode item, PodUse use, String whose) {
    for (String bound : new String[] {"min", "max", RATIO}) {
      for (Map.Entry<String, JsonNode> entry : item.path(bound).properties()) {
        Optional<BigDecimal> enforced = Quantity.parse(entry.getValue());
        if (enforced.isPresent()
            && isBroken(
                bound,
                enforced.get(),
                use.total(LIMITS, entry.getKey()),
                use.total(REQUESTS, entry.getKey()))) {
          return Optional.of(
              "%s of %s: %s, while the limit %s is %s and the request %s"
                  .formatted(
                      bound,
                      entry.getKey(),
                      entry.getValue().asText(),
                      whose,
                      shown(use.total(LIMITS, entry.getKey())),
                      shown(use.total(REQUESTS, entry.getKey()))));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isBroken(
      String bound, BigDecimal enforced, Optional<BigDecimal> limit, Optional<BigDecimal> request) {
    return switch (bound) {
      case "min" -> request.isEmpty() || isLess(request, enforced) || isLess(limit, enforced);
      case "max" -> limit.isEmpty() || isMore(limit, enforced) || isMore(request, enforced);
      default ->
          request.isEmpty()
              || limit.isEmpty()
              || request.get().signum() == 0
              || limit.get().signum() == 0
              || isMore(limit, request.get().multiply(enforced));
    };
  }

  private static boolean isLess(Optional<BigDecimal> amount, BigDecimal bound) {
    return amount.isPresent() && amount.get().compareTo(bound) < 0;
  }

  private static boolean isMore(Optional<BigDecimal> amount, BigDecimal bound) {
    return amount.isPresent() && amount.get().compareTo(bound) > 0;
  }

  private static String shown(Optional<BigDecimal> amount) {
    return amount.map(value -> value.stripTrailingZeros().toPlainString()).orElse("missing");
  }

  private static boolean isOf(JsonNode item, String type) {
    return item.path("type").asText().equals(type);
  }

  /**
   * The resources of a container as the API server completes them: a request that is missing is the
   * limit that is given, and what is missing still is the namespace's default.
   */
  private JsonNode complete(JsonNode resources) {
    ObjectNode complete = JsonNodeFactory.instance.objectNode();
    ObjectNode limits = complete.putObject(LIMITS);
    ObjectNode requests = complete.putObject(REQUESTS);
    add(resources.path(LIMITS), limits);
    add(resources.path(REQUESTS), requests);
    add(resources.path(LIMITS), requests);
    for (JsonNode item : items) {
      if (isOf(item, "Container")) {
        add(item.path("default"), limits);
        add(item.path("max"), limits);
        add(item.path("defaultRequest"), requests);
        add(item.path("default"), requests);
        add(item.path("max"), requests);
        add(item.path("min"), requests);
      }
    }
    return complete;
  }

  private static void add(JsonNode amounts, ObjectNode into) {
    amounts
        .properties()
        .forEach(amount -> {
          if (!into.has(amount.getKey())) {
            into.set(amount.getKey(), amount.getValue());
          }
        });
  }

  /**
   * The resources for one container of a pod that come nearest to what is wanted and are allowed,
   * if any are. What is neither requested nor limited is left to the API server, which gives the
   * namespace's defaults.
   *
   * @param wanted requests and limits as a container has them; not changed
   * @param pod the pod with that container in its place
   * @param name of the container
   * @return {@code wanted} itself if that is allowed
   */
  public ObjectNode fit(ObjectNode wanted, PodUse pod, String name) {
    if (wanted.isEmpty()) {
      return wanted;
    }
    PodUse others = completed(pod);
    ObjectNode fitting = wanted.deepCopy();
    for (String resource : COUNTED) {
      if (wanted.path(LIMITS).has(resource) || wanted.path(REQUESTS).has(resource)) {
        new Fitting(resource, others, name).in(fitting);
      }
    }
    return fitting.equals(wanted) ? wanted : fitting;
  }

  /** One resource of the container that is fitted. */
  private final class Fitting {
    private final String resource;
    private final Beside limits;
    private final Beside requests;

    Fitting(String resource, PodUse pod, String name) {
      this.resource = resource;
      this.limits = Beside.of(pod, name, LIMITS, resource);
      this.requests = Beside.of(pod, name, REQUESTS, resource);
    }

    /** Changes limit and request, where they are given, to what is allowed. */
    void in(ObjectNode fitting) {
      Optional<Amount> limit = Amount.in(fitting.path(LIMITS), resource);
      Optional<Amount> request = Amount.in(fitting.path(REQUESTS), resource);
      Optional<Amount> most = most(limits);
      limit = limit.map(given -> given.atMost(most)).map(given -> given.atLeast(least(limits)));
      Optional<Amount> bound =
          limit.or(() -> Amount.in(complete(MissingNode.getInstance()).path(LIMITS), resource));
      request =
          request
              .map(given -> given.atMost(bound))
              .map(given -> given.atMost(most(requests)))
              .map(given -> given.atLeast(least(Beside.NOTHING)))
              .map(given -> given.atLeast(share(bound)))
              .map(given -> given.atLeast(shareOfPod(bound, given)));
      limit.ifPresent(amount -> fitting.withObject("/" + LIMITS).set(resource, amount.text()));
      request.ifPresent(amount -> fitting.withObject("/" + REQUESTS).set(resource, amount.text()));
    }

    /** The most that is allowed; empty if all is, or nothing. */
    private Optional<Amount> most(Beside beside) {
      Optional<Amount> most = Optional.empty();
      for (JsonNode item : items) {
        Optional<Amount> max = Amount.in(item.path("max"), resource);
        if (isOf(item, "Container")) {
          most = Amount.less(most, max);
        } else if (isOf(item, "Pod") && beside.counts()) {
          most = Amount.less(most, max.flatMap(amount -> beside.room(amount, resource)));
        }
      }
      return most;
    }

    /** The least that is allowed; empty if all is. */
    private Optional<Amount> least(Beside beside) {
      Optional<Amount> least = Optional.empty();
      for (JsonNode item : items) {
        // The first limit of a pod makes one for the pod, which then has to be enough.
        if (isOf(item, "Container")
            || (isOf(item, "Pod") && beside.counts() && beside.total().isEmpty())) {
          least = Amount.more(least, Amount.in(item.path("min"), resource));
        }
      }
      return least;
    }

    /** The least request that a limit allows. */
    private Optional<Amount> share(Optional<Amount> limit) {
      Optional<Amount> share = Optional.empty();
      for (JsonNode item : items) {
        Optional<BigDecimal> ratio = ratio(item);
        if (isOf(item, "Container") && ratio.isPresent() && limit.isPresent()) {
          share = Amount.more(share, Optional.of(limit.get().over(ratio.get(), resource)));
        }
      }
      return share;
    }

    /** The least request with which the pod's requests are enough for its limits. */
    private Optional<Amount> shareOfPod(Optional<Amount> limit, Amount request) {
      Optional<Amount> share = Optional.empty();
      for (JsonNode item : items) {
        Optional<BigDecimal> ratio = ratio(item);
        if (isOf(item, "Pod") && ratio.isPresent() && limit.isPresent() && requests.counts()) {
          BigDecimal needed =
              limits.with(limit.get().value()).divide(ratio.get(), 9, RoundingMode.CEILING);
          if (requests.with(request.value()).compareTo(needed) < 0) {
            Amount lacking =
                Amount.of(needed.subtract(requests.beside()), resource, RoundingMode.CEILING);
            share = Amount.more(share, Optional.of(lacking.atMost(limit)));
          }
        }
      }
      return share;
    }

    private Optional<BigDecimal> ratio(JsonNode item) {
      return Amount.in(item.path(RATIO), resource)
          .map(Amount::value)
          .filter(ratio -> ratio.signum() > 0);
    }
  }

  /**
   * What the other containers of a pod come to.
   *
   * @param total what they come to without the container; empty if nothing is said
   * @param beside what runs while the container does
   * @param counts whether it matters what the container has, or the pod says it as a whole
   */
  private record Beside(Optional<BigDecimal> total, BigDecimal beside, boolean counts) {
    static final Beside NOTHING = new Beside(Optional.empty(), BigDecimal.ZERO, false);

    static Beside of(PodUse pod, String name, String half, String resource) {
      if (pod.isOfPod(half, resource)) {
        return new Beside(pod.total(half, resource), BigDecimal.ZERO, false);
      }
      ObjectNode plenty = JsonNodeFactory.instance.objectNode();
      plenty.putObject(half).put(resource, PLENTY.toPlainString());
      return new Beside(
          pod.with(name, MissingNode.getInstance()).total(half, resource),
          pod.with(name, plenty).total(half, resource).orElse(PLENTY).subtract(PLENTY),
          true);
    }

    /** What the pod comes to with an amount for the container. */
    BigDecimal with(BigDecimal amount) {
      BigDecimal others = total.orElse(BigDecimal.ZERO);
      return counts ? others.max(beside.add(amount)) : others;
    }

    /** What is left of an amount for the container; empty if nothing is. */
    Optional<Amount> room(Amount of, String resource) {
      if (beside.signum() == 0) {
        return Optional.of(of);
      }
      return Optional.of(Amount.of(of.value().subtract(beside), resource, RoundingMode.FLOOR))
          .filter(amount -> amount.value().signum() > 0);
    }
  }

  /**
   * A quantity.
   *
   * @param text as it is written
   */
  private record Amount(BigDecimal value, JsonNode text) {

    static Optional<Amount> in(JsonNode amounts, String resource) {
      JsonNode text = amounts.path(resource);
      return Quantity.parse(text).map(value -> new Amount(value, text));
    }

    /** In thousandths of a processor, or in bytes. */
    static Amount of(BigDecimal value, String resource, RoundingMode rounding) {
      boolean thousandths = resource.equals("cpu");
      BigDecimal units = (thousandths ? value.movePointRight(3) : value).setScale(0, rounding);
      String text = units.toPlainString() + (thousandths ? "m" : "");
      return new Amount(thousandths ? units.movePointLeft(3) : units, TextNode.valueOf(text));
    }

    Amount over(BigDecimal ratio, String resource) {
      return of(value.divide(ratio, 9, RoundingMode.CEILING), resource, RoundingMode.CEILING);
    }

    Amount atMost(Optional<Amount> most) {
      return less(Optional.of(this), most).orElse(this);
    }

    Amount atLeast(Optional<Amount> least) {
      return more(Optional.of(this), least).orElse(this);
    }

    static Optional<Amount> less(Optional<Amount> one, Optional<Amount> other) {
      return one.isPresent() && other.isPresent()
          ? Optional.of(other.get().value.compareTo(one.get().value) < 0 ? other.get() : one.get())
          : one.or(() -> other);
    }

    static Optional<Amount> more(Optional<Amount> one, Optional<Amount> other) {
      return one.isPresent() && other.isPresent()
          ? Optional.of(other.get().value.compareTo(one.get().value) > 0 ? other.get() : one.get())
          : one.or(() -> other);
    }
  }
}
