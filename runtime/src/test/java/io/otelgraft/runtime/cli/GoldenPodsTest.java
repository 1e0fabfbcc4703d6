package io.otelgraft.runtime.cli;

import io.otelgraft.testkit.GoldenFiles;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Pods for the rules that are the same in all languages, each in a folder that is named after the
 * reason which it shows. What is a rule of one language stands beside its plugin.
 */
final class GoldenPodsTest {

  @TestFactory
  Stream<DynamicTest> each_story_ends_as_its_files_say() {
    return GoldenFiles.testsWith(
        ShippedPlugins.FOLDER, Path.of("src", "test", "resources", "golden"));
  }
}
