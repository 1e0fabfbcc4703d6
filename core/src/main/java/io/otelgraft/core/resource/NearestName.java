package io.otelgraft.core.resource;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds what somebody who wrote an unknown name probably meant. */
public final class NearestName {

  /** As long as names of Kubernetes can be: what is longer is no slip, and costs its square. */
  private static final int LONGEST = 253;

  private NearestName() {}

  /**
   * The known name that is nearest, by the edits that make one of the other, without regard to
   * case.
   *
   * @return empty if none is near enough to be a slip of the pen: more than a third of the name is
   *     different, or it is longer than names are
   */
  public static Optional<String> of(String name, Collection<String> known) {
    if (name.length() > LONGEST) {
      return Optional.empty();
    }
    String wanted = name.toLowerCase(Locale.ROOT);
    String nearest = null;
    int fewest = Math.max(1, name.length() / 3) + 1;
    for (String candidate : known) {
      int edits = edits(wanted, candidate.toLowerCase(Locale.ROOT), fewest);
      if (edits < fewest) {
        fewest = edits;
        nearest = candidate;
      }
    }
    return Optional.ofNullable(nearest);
  }

  /** The message's tail: {@code , did you mean endpoint?}, or nothing if no name is near. */
  public static String hint(String name, Collection<String> known) {
    return of(name, known).map(nearest -> ", did you mean " + nearest + "?").orElse("");
  }

  /**
   * Characters to insert, delete, replace or swap with their neighbour; at least the limit if it
   * takes more.
   */
  private static int edits(String one, String other, int limit) {
    if (Math.abs(one.length() - other.length()) >= limit) {
      return limit;
    }
    int[][] edits = new int[one.length() + 1][other.length() + 1];
    for (int i = 0; i <= one.length(); i++) {
      for (int j = 0; j <= other.length(); j++) {
        if (i == 0 || j == 0) {
          edits[i][j] = i + j;
          continue;
        }
        int replaced = edits[i - 1][j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        edits[i][j] = Math.min(replaced, Math.min(edits[i - 1][j], edits[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && one.charAt(i - 1) == other.charAt(j - 2)
            && one.charAt(i - 2) == other.charAt(j - 1)) {
          edits[i][j] = Math.min(edits[i][j], edits[i - 2][j - 2] + 1);
        }
      }
    }
    return edits[one.length()][other.length()];
  }
}
