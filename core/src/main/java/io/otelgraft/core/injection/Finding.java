package io.otelgraft.core.injection;

import io.otelgraft.core.plugin.PluginFailure;

/**
 * Something that the user is told about a decision.
 *
 * @param severity how much it matters
 * @param reason a code in CamelCase, the same in metric, event, log and guide
 * @param language the language that it is about; the empty string for the pod
 * @param container the container that it is about; the empty string for the pod
 * @param message what was looked for or found
 * @param fix what to do; the empty string when there is nothing to do
 */
public record Finding(
    Severity severity,
    String reason,
    String language,
    String container,
    String message,
    String fix) {

  /** How much a finding matters. */
  public enum Severity {
    /** Good to know; shown by {@code explain} only. */
    NOTE,
    /** The pod is admitted, but not as the user may think. */
    WARNING,
    /** What the user asked for cannot be done. */
    REFUSAL
  }

  static Finding note(String reason, String language, String container, String message) {
    return new Finding(Severity.NOTE, reason, language, container, message, "");
  }

  static Finding warning(
      String reason, String language, String container, String message, String fix) {
    return new Finding(Severity.WARNING, reason, language, container, message, fix);
  }

  static Finding refusal(
      String reason, String language, String container, String message, String fix) {
    return new Finding(Severity.REFUSAL, reason, language, container, message, fix);
  }

  /** A note about the telemetry of a container. */
  static Finding of(Note note, String language, String container) {
    Severity severity = note.warning() ? Severity.WARNING : Severity.NOTE;
    return new Finding(severity, note.reason(), language, container, note.message(), note.fix());
  }

  /** A warning about the pod as a whole. */
  public static Finding aboutPod(String reason, String message) {
    return warning(reason, "", "", message, "");
  }

  /** What the user is told when a plugin fails. */
  public static Finding pluginFailed(PluginFailure failure) {
    return warning(
        Reasons.PLUGIN_FAILED,
        failure.language(),
        "",
        failure.getMessage() + "; the pod starts without " + failure.language(),
        "replace the plugin's jar, or report this to its author");
  }

  /** The same finding as a warning: what was asked for is not done, and the pod is admitted. */
  public Finding asWarning() {
    return new Finding(Severity.WARNING, reason, language, container, message, fix);
  }

  /** Message and fix in one line. */
  public String text() {
    return fix.isEmpty() ? message : message + "; " + fix;
  }
}
