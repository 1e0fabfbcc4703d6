package io.otelgraft.lang.dotnet;

import io.otelgraft.spi.Section;
import io.otelgraft.spi.Setting;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the directories of the profiler are called in an image of the agent. */
enum ImageLayout {
  /** After the runtime identifiers of .NET: an image for amd64. */
  X64("x64", "-x64"),
  /** The same for every architecture that an image is made for. */
  NEUTRAL("neutral", "");

  static final Setting<String> SETTING =
      Setting.oneOf("imageLayout", X64.value, NEUTRAL.value)
          .describe(
              "Where the image has its profiler: x64 for linux-x64 and linux-musl-x64, neutral for"
                  + " linux and linux-musl. Unless given, the image's tag tells, as images from"
                  + " 1.16.0 on are neutral; where the tag is no version it is x64, or neutral"
                  + " under compatibility: operator.");

  /** {@code 1.16.0}, also with a revision behind: {@code 1.17.0-1}. */
  private static final Pattern VERSION =
      Pattern.compile("v?(\\d{1,6})\\.(\\d{1,6})\\.\\d{1,6}([-+._].*)?");

  private final String value;
  private final String suffix;

  ImageLayout(String value, String suffix) {
    this.value = value;
    this.suffix = suffix;
  }

  /** What the resource says, else what the tag of its image tells. */
  static Optional<ImageLayout> of(Section section) {
    Optional<String> given = section.get(SETTING);
    return given.isPresent()
        ? given.map(value -> value.equals(X64.value) ? X64 : NEUTRAL)
        : section.imageName().tag().flatMap(ImageLayout::ofTag);
  }

  /** What a tag tells; nothing if it is no version. */
  static Optional<ImageLayout> ofTag(String tag) {
    Matcher version = VERSION.matcher(tag);
    if (!version.matches()) {
      return Optional.empty();
    }
    int major = Integer.parseInt(version.group(1));
    int minor = Integer.parseInt(version.group(2));
    return Optional.of(major > 1 || (major == 1 && minor >= 16) ? NEUTRAL : X64);
  }

  /** The path of the profiler below the agent's directory. */
  String profiler(boolean musl) {
    return (musl ? "/linux-musl" : "/linux") + suffix + "/" + ProfilerSetting.LIBRARY;
  }
}
