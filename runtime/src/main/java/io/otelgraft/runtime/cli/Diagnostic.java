package io.otelgraft.runtime.cli;

/**
 * Something that was found in a manifest.
 *
 * @param level how bad it is
 * @param rule its kind, in CamelCase; of what the webhook would say too, the code that it says
 * @param file as the user named it
 * @param line from 1
 * @param column from 1
 * @param message what was found and what is wrong with it
 * @param fix what to do; the empty string when the message says it all
 */
record Diagnostic(
    Level level, String rule, String file, int line, int column, String message, String fix) {

  /** How bad it is; the names are those of SARIF. */
  enum Level {
    /** What the manifest asks for will not happen. */
    ERROR,
    /** It will probably not happen as meant. */
    WARNING,
    /** It cannot be said. */
    NOTE
  }
}
