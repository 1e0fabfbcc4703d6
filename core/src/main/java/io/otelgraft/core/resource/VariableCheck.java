package io.otelgraft.core.resource;

import io.otelgraft.core.resource.Variables.Family;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Checks the {@code ${...}} variables of a text. */
final class VariableCheck {

  private static final String ALL =
      Stream.concat(
              Variables.names().stream(),
              Arrays.stream(Family.values()).map(family -> family.prefix() + "<KEY>"))
          .collect(Collectors.joining(", "));

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
