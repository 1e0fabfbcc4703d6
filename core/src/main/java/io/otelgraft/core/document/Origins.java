package io.otelgraft.core.document;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;

/** Which item of an edited list was which item of the original. */
final class Origins {

  /**
   * Above this, lists are compared place by place: the search for what was inserted takes the
   * product of their lengths.
   */
  private static final int MAX_COMPARISONS = 250_000;

  private Origins() {}

  /**
   * Returns for each item of an edited list which item of the original it was, in rising order; -1
   * for one that is new.
   */
  static int[] of(List<Node.Part> parts, JsonNode edited) {
    int[] origins = new int[edited.size()];
    Arrays.fill(origins, -1);
    int shorter = Math.min(parts.size(), edited.size());
    int head = 0;
    while (head < shorter && parts.get(head).value().is(edited.get(head))) {
      origins[head] = head++;
    }
    int tail = 0;
    int shift = parts.size() - edited.size();
    while (tail < shorter - head
        && parts.get(parts.size() - 1 - tail).value().is(edited.get(edited.size() - 1 - tail))) {
      tail++;
      origins[edited.size() - tail] = edited.size() - tail + shift;
    }
    List<Node.Part> middle = parts.subList(head, parts.size() - tail);
    if ((long) middle.size() * (edited.size() - head - tail) <= MAX_COMPARISONS) {
      matchCommon(middle, edited, head, edited.size() - tail, origins);
    }
    pairRest(parts, edited, origins);
    return origins;
  }

  /** What is left between two matches was changed in place, as far as it is of the same kind. */
  private static void pairRest(List<Node.Part> parts, JsonNode edited, int[] origins) {
    int origin = 0;
    int start = 0;
    while (start < origins.length) {
      int end = start;
      while (end < origins.length && origins[end] < 0) {
        end++;
      }
      int limit = end < origins.length ? origins[end] : parts.size();
      for (int i = start; i < end && origin < limit; i++) {
        if (isSameKind(parts.get(origin).value(), edited.get(i))) {
          origins[i] = origin++;
        }
      }
      origin = limit + 1;
      start = end + 1;
    }
  }

  private static boolean isSameKind(Node node, JsonNode edited) {
    return switch (node) {
      case Node.Scalar _ -> edited.isValueNode();
      case Node.Sequence _ -> edited.isArray();
      case Node.Mapping _ -> edited.isObject();
      case Node.Alias alias -> isSameKind(alias.target(), edited);
    };
  }

  /** Finds the longest common subsequence of the middle parts and the edited items of a range. */
  private static void matchCommon(
      List<Node.Part> middle, JsonNode edited, int from, int to, int[] origins) {
    int[][] longest = new int[middle.size() + 1][to - from + 1];
    for (int i = middle.size() - 1; i >= 0; i--) {
      for (int j = to - from - 1; j >= 0; j--) {
        longest[i][j] =
            isSameItem(middle.get(i).value(), edited.get(from + j))
                ? longest[i + 1][j + 1] + 1
                : Math.max(longest[i + 1][j], longest[i][j + 1]);
      }
    }
    int i = 0;
    int j = 0;
    while (i < middle.size() && j < to - from) {
      if (isSameItem(middle.get(i).value(), edited.get(from + j))) {
        // As many parts are in front of the middle as items.
        origins[from + j++] = from + i++;
      } else if (longest[i + 1][j] >= longest[i][j + 1]) {
        i++;
      } else {
        j++;
      }
    }
  }

  /**
   * Whether an item is the same as before or at least goes by the same name, as containers and
   * variables do.
   */
  private static boolean isSameItem(Node node, JsonNode edited) {
    Node value = node instanceof Node.Alias alias ? alias.target() : node;
    JsonNode name = edited.get("name");
    if (value instanceof Node.Mapping mapping
        && name != null
        && mapping.members().containsKey("name")) {
      return mapping.members().get("name").is(name);
    }
    return node.is(edited);
  }
}
