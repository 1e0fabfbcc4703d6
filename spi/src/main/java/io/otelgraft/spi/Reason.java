package io.otelgraft.spi;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Why a language stands down or refuses: the label of a metric, the reason of an event, a row in
 * the user's guide.
 *
 * @since 1.0, stable
 */
public final class Reason {
  private static final Pattern CODE = Pattern.compile("[A-Z][A-Za-z0-9]{1,63}");

  private final String code;
  private final String meaning;
  private final boolean overridable;

  private Reason(String code, String meaning, boolean overridable) {
    this.code = code;
    this.meaning = meaning;
    this.overridable = overridable;
  }

  /**
   * Declares a reason.
   *
   * @param code in CamelCase, as Kubernetes' event reasons are: {@code AnotherAgent}
   * @param meaning a sentence for the user's guide
   * @throws IllegalArgumentException if the code is not CamelCase
   */
  public static Reason of(String code, String meaning) {
    if (!CODE.matcher(code).matches()) {
      throw new IllegalArgumentException("reason \"" + code + "\" is not in CamelCase");
    }
    return new Reason(code, Objects.requireNonNull(meaning, "meaning"), false);
  }

  /**
   * The same reason for a container that another agent is in already: Graft goes in nonetheless
   * where the pod's annotation {@code instrumentation.opentelemetry.io/beside-other-agents}
   * insists.
   *
   * @since 1.0, experimental
   */
  public Reason overridable() {
    return new Reason(code, meaning, true);
  }

  /** The code. */
  public String code() {
    return code;
  }

  /** The sentence for the user's guide. */
  public String meaning() {
    return meaning;
  }

  /**
   * Whether the pod's author may insist.
   *
   * @since 1.0, experimental
   */
  public boolean isOverridable() {
    return overridable;
  }

  @Override
  public String toString() {
    return code;
  }
}
