package io.otelgraft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.e2e.images.Images;
import io.otelgraft.e2e.kubelet.RunningPod;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A real Ruby, started by nothing but what Graft injected, with a bundle and without. The gems that
 * it loads are stand-ins for OpenTelemetry's, which come from no package registry; they load as
 * those do.
 */
class RubyWithStandInAgentIT {
  private static final Images IMAGES = new Images(Path.of("images"), System.out::println);

  private final int port = Greeter.freePort();
  private StandInAgents shop;
  private ObjectNode workload;

  @BeforeEach
  void a_node_with_a_collector() throws IOException {
    shop = new StandInAgents("ruby", IMAGES.rubyApp());
    workload = shop.greeter();
    Manifests.addVariable(workload, "PORT", Integer.toString(port));
  }

  @AfterEach
  void stop() {
    shop.close();
  }

  private Greeter run(String variant) {
    RunningPod pod = shop.run(IMAGES.standInForRubyAgent(variant), workload);
    return new Greeter(pod, port);
  }

  private void command(String... words) {
    ObjectNode app = (ObjectNode) workload.at("/spec/template/spec/containers/0");
    List.of(words).forEach(app.putArray("command")::add);
  }

  @ParameterizedTest
  @ValueSource(strings = {"agent", "agent-by-libc"})
  void what_the_application_does_is_reported(String variant) throws Exception {
    Greeter greeter = run(variant);

    assertThat(greeter.greet("you")).isEqualTo("Ruby greets you\n");
    shop.span(greeter.pod(), "/hello/you");
  }

  @Test
  void options_of_the_pod_count_as_before_and_a_bundle_does_not_hide_the_agent() throws Exception {
    Manifests.addVariable(workload, "RUBYOPT", "-W0 -r/app/own");
    command("bundle", "exec", "ruby", "app.rb");
    Greeter greeter = run("agent");

    assertThat(greeter.greet("you")).isEqualTo("Ruby greets, by its bundle, you, as it was told\n");
    shop.span(greeter.pod(), "/hello/you");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "broken, OpenTelemetry is not loaded: cannot load such file -- stand_in",
    "for-another-ruby, OpenTelemetry is not loaded: the agent was built for Ruby 1.8.0",
    "empty, OpenTelemetry is not loaded: there is no agent for glibc",
  })
  void an_agent_that_is_of_no_use_is_told_of_and_the_application_runs(String variant, String why)
      throws Exception {
    Greeter greeter = run(variant);

    assertThat(greeter.greet("you")).isEqualTo("Ruby greets you\n");
    assertThat(greeter.app().log()).contains(why);
    assertThat(shop.spans()).isEmpty();
  }

  @Test
  void where_the_bundle_has_a_tracer_that_nobody_sees_at_admission_the_agent_stays_out()
      throws Exception {
    Manifests.addVariable(workload, "BUNDLE_GEMFILE", "/app/with-a-tracer/Gemfile");
    Greeter greeter = run("agent");

    assertThat(greeter.greet("you")).isEqualTo("Ruby greets you\n");
    assertThat(greeter.app().log())
        .contains("OpenTelemetry is not loaded: /app/with-a-tracer/Gemfile.lock has newrelic_rpm");
    assertThat(shop.spans()).isEmpty();
  }
}
