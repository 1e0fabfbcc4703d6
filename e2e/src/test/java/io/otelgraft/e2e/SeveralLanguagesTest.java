package io.otelgraft.e2e;

import io.otelgraft.lang.httpd.HttpdPlugin;
import io.otelgraft.lang.java.JavaPlugin;
import io.otelgraft.lang.nginx.NginxPlugin;
import io.otelgraft.lang.nodejs.NodejsPlugin;
import io.otelgraft.lang.python.PythonPlugin;
import io.otelgraft.lang.sdk.SdkPlugin;
import io.otelgraft.testkit.GoldenFiles;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Pods that ask for more than one language. */
final class SeveralLanguagesTest {

  @TestFactory
  Stream<DynamicTest> each_story_ends_as_its_files_say() {
    return GoldenFiles.tests(
        Path.of("src", "test", "resources", "golden"),
        new HttpdPlugin(),
        new JavaPlugin(),
        new NginxPlugin(),
        new NodejsPlugin(),
        new PythonPlugin(),
        new SdkPlugin());
  }
}
