package io.otelgraft.runtime.explanation;

/**
 * A part of a text, with what it is to the reader: whoever shows it decides how that looks.
 *
 * @param tone what it is
 * @param text the words, perhaps with line breaks
 */
public record Phrase(Tone tone, String text) {

  /** What a part of a text is to the reader. */
  public enum Tone {
    /** Nothing more than what it says. */
    PLAIN,
    /** A heading, or what the text is about. */
    STRONG,
    /** What matters less. */
    DIM,
    /** What is well, or was added. */
    GOOD,
    /** What may be wrong, or was changed. */
    DOUBTFUL,
    /** What is wrong. */
    BAD,
    /** A name. */
    NAME
  }
}
