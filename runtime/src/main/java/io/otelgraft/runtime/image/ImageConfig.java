package io.otelgraft.runtime.image;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an image says of the process that is started from it.
 *
 * @param names the names that the image goes by in its archive; empty if it has none
 * @param platform {@code linux/amd64}, or {@code linux/arm64/v8} with a variant
 * @param env its environment, in the order of the image
 */
public record ImageConfig(List<String> names, String platform, Map<String, String> env) {
  public ImageConfig {
    names = List.copyOf(names);
    env = Collections.unmodifiableMap(new LinkedHashMap<>(env));
  }

  /** Whether it is for a platform, which may leave the variant to the image. */
  boolean isFor(String wanted) {
    return platform.equals(wanted) || platform.startsWith(wanted + "/");
  }
}
