package io.otelgraft.runtime.migration;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** How Graft writes values into {@code OTEL_RESOURCE_ATTRIBUTES}. */
final class AttributeEncoding {
  private static final Pattern ENCODED_CHARACTER = Pattern.compile("%[0-9A-Fa-f]{2}");

  private AttributeEncoding() {}

  static boolean isEncoded(String value) {
    return ENCODED_CHARACTER.matcher(value).find();
  }

  /** The value as it was given. */
  static String decoded(String value) {
    // A plus sign is one: only characters are encoded as in a URL, not blanks in its query.
    return isEncoded(value)
        ? URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8)
        : value;
  }
}
