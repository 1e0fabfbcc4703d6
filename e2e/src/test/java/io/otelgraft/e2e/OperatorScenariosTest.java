package io.otelgraft.e2e;

import io.otelgraft.lang.dotnet.DotnetPlugin;
import io.otelgraft.lang.go.GoPlugin;
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

/**
 * What the OpenTelemetry Operator tries in a cluster before a release, under {@code compatibility:
 * operator}: pods like those of its end-to-end tests, in folders of the same names.
 */
final class OperatorScenariosTest {

  @TestFactory
  Stream<DynamicTest> each_scenario_ends_as_its_files_say() {
    return GoldenFiles.tests(
        Path.of("src", "test", "resources", "operator"),
        new DotnetPlugin(),
        new GoPlugin(),
        new HttpdPlugin(),
        new JavaPlugin(),
        new NginxPlugin(),
        new NodejsPlugin(),
        new PythonPlugin(),
        new SdkPlugin());
  }
}
