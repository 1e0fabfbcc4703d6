package io.otelgraft.spi;

/**
 * Takes what {@link LanguagePlugin#examine} decides about a target. Implemented by the runtime.
 *
 * @since 1.0, stable
 */
public interface Verdict {

  /** Tells the user something and goes on. */
  void note(String text);

  /**
   * Leaves the container as it is, because it is already served or the agent would harm it. The pod
   * is admitted.
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
