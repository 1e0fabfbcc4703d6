package io.otelgraft.lang.nodejs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PreloadTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--require dd-trace/init",
        "--require=dd-trace/init",
        "-r newrelic",
        "--import dd-trace/initialize.mjs",
        "--import=@sentry/node/preload",
        "--require \"elastic-apm-node/start.js\"",
        "--max-old-space-size=512 --require @opentelemetry/auto-instrumentations-node/register",
        "--require /otel-auto-instrumentation-nodejs/autoinstrumentation.js",
        "--require /app/node_modules/@splunk/otel/instrument",
        "node -r @instana/collector/src/immediate server.js",
        "exec node --loader newrelic/esm-loader.mjs -r newrelic app.js",
      })
  void modules_that_trace_are_recognised(String options) {
    assertThat(Preload.in("NODE_OPTIONS", options)).isNotEmpty().allMatch(Preload::isTracer);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--require ts-node/register",
        "--import=tsx",
        "-r dotenv/config -r ./tracing.js",
      })
  void modules_for_something_else_may_stay(String options) {
    assertThat(Preload.in("NODE_OPTIONS", options)).isNotEmpty().noneMatch(Preload::isTracer);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--max-old-space-size=512",
        "node /app/newrelic/report.js",
        "node app.js --requires newrelic",
        "node --require",
      })
  void what_is_no_preload_is_not_taken_for_one(String options) {
    assertThat(Preload.in("command", options)).isEmpty();
  }

  @Test
  void it_says_where_it_was_found() {
    assertThat(Preload.in("NODE_OPTIONS", "-r newrelic"))
        .singleElement()
        .hasToString("newrelic in NODE_OPTIONS");
  }
}
