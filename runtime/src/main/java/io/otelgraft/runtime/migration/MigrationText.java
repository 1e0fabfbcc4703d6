package io.otelgraft.runtime.migration;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.core.injection.Finding;
import io.otelgraft.runtime.explanation.Phrase;
import io.otelgraft.runtime.explanation.Phrase.Tone;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What a move changes for a workload, in words. */
public final class MigrationText {

  private final List<Phrase> phrases = new ArrayList<>();

  private MigrationText() {}

  /**
   * Tells what differs, container by container, and what keeps it.
   *
   * @return lines, the last of which ends in a line break
   */
  public static List<Phrase> of(WorkloadMigration migration) {
    MigrationText text = new MigrationText();
    text.tell(migration);
    return List.copyOf(text.phrases);
  }

  private void tell(WorkloadMigration migration) {
    if (!migration.changes()) {
      line(
          "  ", Tone.GOOD, "✓", " nothing differs" + (known(migration) ? " but what follows" : ""));
    }
    migration
        .outcome()
        .ifPresent(outcome -> {
          line("  ", Tone.DOUBTFUL, "~", " under Graft: " + outcome.after());
          dim("      under the operator: " + outcome.before());
          keep(outcome.keep(), "");
        });
    containers(migration.differences());
    for (Explained explained : migration.explained()) {
      line("  ", Tone.DIM, "·", " " + explained.known().text());
      containers(explained.differences());
    }
    for (Finding finding : migration.findings()) {
      line("  ", Tone.DOUBTFUL, "!", " " + finding.text());
    }
  }

  private static boolean known(WorkloadMigration migration) {
    return !migration.explained().isEmpty();
  }

  private void containers(List<Difference> differences) {
    List<String> containers =
        differences.stream().map(one -> one.part().container()).distinct().sorted().toList();
    for (String container : containers) {
      line("  ", Tone.STRONG, container.isEmpty() ? "pod" : "container " + container, "");
      differences.stream()
          .filter(one -> one.part().container().equals(container))
          .forEach(this::difference);
    }
  }

  private void difference(Difference difference) {
    boolean gone = difference.after().isMissingNode();
    boolean added = difference.before().isMissingNode();
    String name = name(difference.part());
    if (gone) {
      line("    ", Tone.BAD, "-", " " + name + value(difference.before()));
    } else {
      line(
          "    ",
          added ? Tone.GOOD : Tone.DOUBTFUL,
          added ? "+" : "~",
          " " + name + value(difference.after()));
    }
    if (!gone && !added) {
      dim("        was" + value(difference.before()).replaceFirst("^ =", ""));
    }
    keep(difference.keep(), difference.cause());
  }

  private static String name(Part part) {
    return switch (part.kind()) {
      case SERVICE -> "service";
      case ATTRIBUTE -> "attribute " + part.name();
      case VARIABLE -> part.name();
      case MOUNT -> "mount " + part.name();
      case FIELD -> "field " + part.name();
      case CONTAINER -> part.name();
      case VOLUME -> "volume " + part.name();
    };
  }

  private static String value(JsonNode value) {
    if (value.path("fieldRef").has("fieldPath")) {
      return " = field " + value.path("fieldRef").path("fieldPath").asText();
    }
    return " = " + (value.isTextual() ? value.textValue() : value.toString());
  }

  private void keep(Map<String, String> settings, String cause) {
    if (!settings.isEmpty()) {
      dim("        keep it: " + spelled(settings));
    } else if (!cause.isEmpty()) {
      dim("        " + cause);
    }
  }

  /** Settings as {@code --set} takes them. */
  private static String spelled(Map<String, String> settings) {
    return settings.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(", "));
  }

  private void dim(String words) {
    phrases.add(new Phrase(Tone.DIM, words));
    phrases.add(new Phrase(Tone.PLAIN, "\n"));
  }

  private void line(String indent, Tone tone, String mark, String words) {
    phrases.add(new Phrase(Tone.PLAIN, indent));
    phrases.add(new Phrase(tone, mark));
    phrases.add(new Phrase(Tone.PLAIN, words + "\n"));
  }
}
