package io.otelgraft.spi;

/**
 * Takes what {@link LanguagePlugin#examine} decides about a target. Implemented by the runtime.
 *
 * @since 1.0, stable
 */
public interface Verdict {

  /** Tells the user something about the agent that goes in; nothing is told if it does not. */
  void note(String text);

  /**
   * Leaves the container as it is, because it is already served or the agent would harm it. The pod
   * is admitted. With a reason that is {@linkplain Reason#overridable overridable} this only tells
   * where the pod insists: say what else there is to say as if the agent went in.
   *
   * @param reason one of the language's declared reasons
   * @param found what was found
   */
  void standDown(Reason reason, String found);

  /**
   * Cannot do what the user asked for. The pod is rejected, or admitted without this language, as
   * the operator chose.
   *
   * @param reason one of the language's declared reasons
   * @param found what was found
   * @param fix what the user can do
   */
  void refuse(Reason reason, String found, String fix);
}
