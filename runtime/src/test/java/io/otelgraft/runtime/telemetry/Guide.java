package io.otelgraft.runtime.telemetry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The tables of the user's guide to the server. */
final class Guide {

  private static final Path PAGE = Path.of("../docs/serve.md");

  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  private Guide() {}

  /** What stands in backticks in the first cells of the table whose first heading this is. */
  static Set<String> firstCells(String heading) throws IOException {
    List<String> lines = Files.readAllLines(PAGE);
    Set<String> cells = new TreeSet<>();
    boolean inside = false;
    for (String line : lines) {
      if (line.startsWith("| " + heading + " |")) {
        inside = true;
      } else if (!line.startsWith("|")) {
        inside = false;
      } else if (inside && !line.startsWith("|-")) {
        String first = line.substring(0, line.indexOf('|', 1));
        CODE.matcher(first).results().map(match -> match.group(1)).forEach(cells::add);
      }
    }
    return cells;
  }
}
