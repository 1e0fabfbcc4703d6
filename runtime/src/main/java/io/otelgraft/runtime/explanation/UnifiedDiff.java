package io.otelgraft.runtime.explanation;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import java.util.ArrayList;
import java.util.List;

/** The difference of two texts, as {@code diff -u} prints it and {@code patch} reads it. */
public final class UnifiedDiff {

  private static final int LINES_AROUND = 3;

  private UnifiedDiff() {}

  /**
   * The difference.
   *
   * @param name what the text is called: the name of a file
   * @return lines, the last of which ends in a line break; the empty string if there is none
   */
  public static String of(String name, String before, String after) {
    if (before.equals(after)) {
      return "";
    }
    List<String> lines = lines(before);
    List<String> diff =
        UnifiedDiffUtils.generateUnifiedDiff(
            name, name, lines, DiffUtils.diff(lines, lines(after)), LINES_AROUND);
    return String.join("\n", diff) + "\n";
  }

  /** The lines, of which the last one says so if it does not end in a line break. */
  private static List<String> lines(String text) {
    List<String> lines = new ArrayList<>();
    int from = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      lines.add(text.substring(from, end));
      from = end + 1;
    }
    if (from < text.length()) {
      lines.add(text.substring(from) + "\n\\ No newline at end of file");
    }
    return lines;
  }
}
