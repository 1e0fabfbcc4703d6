package io.otelgraft.spi;

/**
 * One language that Graft can inject: the service that a plugin jar provides.
 *
 * <p>A plugin jar is a named module that {@code requires io.otelgraft.spi} and {@code provides
 * io.otelgraft.spi.LanguagePlugin with ...}. Graft loads it in a layer of its own, calls {@link
 * #language()} once, and from then on asks it about containers.
 *
 * <p>An implementation is stateless and thread-safe: one instance serves all admissions at once. It
 * does no input or output and starts no thread. A method that throws, or that does not return
 * within the admission's deadline, loses this one admission: the pod is admitted without the
 * language, with a warning; after three such failures in a row of one method the plugin is set
 * aside until its jar is replaced.
 *
 * @since 1.0, stable
 */
public interface LanguagePlugin {

  /**
   * What Graft has to know about the language before any pod comes: its identity, its settings, its
   * defaults. Called once, right after construction.
   *
   * @return the declaration, never null
   */
  Language language();

  /**
   * Says what is wrong with a section of an {@code Instrumentation} resource beyond what the
   * declared settings say already. Called when a resource is accepted or linted, not per pod.
   *
   * @param section the language's section, with defaults applied
   * @param problems takes what was found, with paths relative to the section
   */
  default void validate(Section section, Problems problems) {}

  /**
   * Decides about one container before anything is edited. Saying nothing accepts the target.
   *
   * @param target the container as the pod describes it
   * @param verdict takes notes, a stand-down or a refusal
   */
  default void examine(Target target, Verdict verdict) {}

  /**
   * Injects the language into the accepted targets. Not called when there is none. The default
   * edits nothing: the runtime's common configuration is all that an SDK-only language needs.
   *
   * @param injection the accepted targets, and the editor
   */
  default void inject(Injection injection) {}
}
