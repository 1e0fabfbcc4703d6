package io.otelgraft.lang.java;

import io.otelgraft.spi.AgentSource;
import io.otelgraft.spi.Section;
import io.otelgraft.spi.Setting;
import java.util.List;

/** Jars that the agent loads beside itself: a directory of an image. */
record Extension(String image, String dir) {
  private static final Setting<String> IMAGE =
      Setting.text("image").required().describe("The image that holds the extension's jars.");
  private static final Setting<String> DIR =
      Setting.text("dir")
          .required()
          .pattern("/.*", 4096)
          .describe("The directory of the image whose files are the extension.");

  static final Setting<List<Extension>> ALL =
      Setting.list("extensions", Extension::read, IMAGE, DIR)
          .describe(
              "Extensions of the agent. The files of all of them are put into one directory,"
                  + " from which the agent loads each jar.");

  private static Extension read(Section element) {
    return new Extension(element.get(IMAGE).orElseThrow(), element.get(DIR).orElseThrow());
  }

  AgentSource source() {
    return AgentSource.directory(image, dir);
  }
}
