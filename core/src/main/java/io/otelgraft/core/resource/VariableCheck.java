package io.otelgraft.core.resource;

/** Checks the {@code ${...}} variables of a text. */
final class VariableCheck {

  private static final String ALL =
      "%s, %s<KEY>, %s<KEY>"
          .formatted(
              String.join(", ", Variables.names()),
              Variables.POD_LABELS,
              Variables.POD_ANNOTATIONS);

  private VariableCheck() {}

  static void check(String text, FieldPath at, Findings findings) {
    for (String name : Variables.unknownIn(text)) {
      findings.error(
          at,
          "%s holds ${%s}, which is no variable of Graft".formatted(at, name),
          "write %s; or $${%s} if the text itself is meant"
              .formatted(
                  Variables.nearest(name).map(near -> "${" + near + "}").orElse("one of " + ALL),
                  name));
    }
  }
}
