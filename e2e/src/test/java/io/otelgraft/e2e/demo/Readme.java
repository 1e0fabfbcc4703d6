package io.otelgraft.e2e.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

/** What the first page says of the code, to be held against it. */
record Readme(String text) {

  private static final String LEFT_OUT = "...";

  /** The lines of a block of code that begins with a line. */
  private List<String> block(String first) {
    List<String> lines = text.lines().toList();
    int begin = lines.indexOf(first);
    assertThat(begin).as("there is a block that begins with " + first).isPositive();
    int end = begin + lines.subList(begin, lines.size()).indexOf("```");
    return lines.subList(begin + 1, end);
  }

  /**
   * Holds the sample of what {@code ./demo} prints against what it has printed: line after line,
   * but for those that are left out at {@code ...}, for numbers, and for how wide columns are.
   *
   * @param isHere which of its lines can be printed on this machine
   */
  void assertShows(String printed, Predicate<String> isHere) {
    Iterator<String> lines =
        printed.lines().map(Readme::withoutFigures).filter(line -> !line.isEmpty()).iterator();
    List<String> passedOver = new ArrayList<>();
    boolean skips = true;
    for (String line : block("$ ./demo")) {
      String shown = withoutFigures(line);
      if (shown.equals(LEFT_OUT)) {
        skips = true;
      } else if (!shown.isEmpty() && isHere.test(line)) {
        passedOver.clear();
        boolean found = false;
        while (!found && lines.hasNext() && (skips || passedOver.isEmpty())) {
          passedOver.add(lines.next());
          found = isShortened(shown, passedOver.getLast());
        }
        assertThat(found)
            .as(
                "README.md shows that ./demo prints%n%s%nand it prints there%n%s"
                    .formatted(line, String.join("\n", passedOver)))
            .isTrue();
        skips = false;
      }
    }
  }

  private static boolean isShortened(String shown, String printed) {
    return shown.endsWith(" " + LEFT_OUT)
        ? printed.startsWith(shown.substring(0, shown.length() - LEFT_OUT.length()))
        : printed.equals(shown);
  }

  /** With one space where there are several, and nothing that differs from run to run. */
  private static String withoutFigures(String line) {
    return line.strip()
        .replaceAll(" +", " ")
        .replaceAll("\\b[0-9a-f]{5,}\\b", "#")
        .replaceAll("\\d+(\\.\\d+)*", "#");
  }

  /** The cells of each row of the table whose header begins so, without the header. */
  List<List<String>> table(String header) {
    List<List<String>> rows =
        text.lines()
            .dropWhile(line -> !line.startsWith(header))
            .takeWhile(line -> line.startsWith("|"))
            .skip(2)
            .map(line -> Arrays.stream(line.split("\\|", -1)).map(String::strip).toList())
            .map(cells -> cells.subList(1, cells.size() - 1))
            .toList();
    assertThat(rows).as("there is a table " + header).isNotEmpty();
    return rows;
  }
}
