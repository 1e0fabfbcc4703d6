package io.otelgraft.e2e.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.otelgraft.e2e.demo.Agent.StandIn;
import io.otelgraft.e2e.images.Images;
import io.otelgraft.e2e.kubelet.Image;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the story where something is not as it tells. */
class StoryIT {

  private static final Checkout CHECKOUT = new Checkout(Path.of("..").toAbsolutePath().normalize());
  private static final Images IMAGES = new Images(CHECKOUT.file("e2e/images"), System.out::println);

  @TempDir private Path logs;
  @TempDir private Path image;

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  private Told told(List<Application> chain, List<Application> alone) throws Exception {
    Screen screen = new Screen(new PrintStream(printed, true, UTF_8), false, Duration.ZERO);
    try (Stage stage = new Stage(CHECKOUT, IMAGES, chain, alone, logs)) {
      return new Story(CHECKOUT, stage, chain, alone, screen).tell();
    }
  }

  /** The application in Go, its agent a script that says something and ends. */
  private Application goWithAgentThatSays(String text) throws IOException {
    Files.createFile(
        image.resolve("agent"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    Files.writeString(image.resolve("agent"), "#!/bin/sh\necho '" + text + "'\n");
    return new Application.Builder("go", "Go")
        .greeter("go", Images::goApp)
        .agent(
            Agent.beside(
                Application.GO.agent().orElseThrow().image(),
                images -> Image.of(image).withEntrypoint("/agent")))
        .build();
  }

  @Test
  void an_agent_that_the_kernel_refuses_is_left_out_with_what_it_says_and_the_rest_is_told()
      throws Exception {
    Application go =
        goWithAgentThatSays(
            "{\"level\": \"ERROR\", \"msg\": \"failed to load instrumentation\", \"error\": \"operation not permitted\"}");
    Told told = told(List.of(Application.OWN_SDK, go), List.of());
    assertThat(told.chain().silent()).containsExactly(go);
    assertThat(told.trace().services()).containsExactly("greeter-sdk");
    assertThat(printed.toString(UTF_8))
        .contains(
            "left out: go: its agent says: failed to load instrumentation: operation not permitted\n")
        .contains("One trace through Python with its own SDK\n")
        .contains("Go greets you");
  }

  @Test
  void an_agent_that_ends_for_another_reason_is_no_reason_to_leave_it_out() throws Exception {
    Application go = goWithAgentThatSays("cannot find my libraries");
    assertThatThrownBy(() -> told(List.of(Application.OWN_SDK, go), List.of()))
        .isInstanceOf(DemoFailure.class)
        .hasMessageStartingWith("a pod did not start: the agent ended before it observed anything")
        .hasMessageContaining("cannot find my libraries");
  }

  @Test
  void a_stand_in_that_the_process_has_not_loaded_is_not_shown() {
    Application server =
        new Application.Builder("apache-httpd", "Apache HTTPD")
            .greeter("httpd", Images::httpdApp)
            .agent(
                Application.HTTPD
                    .agent()
                    .orElseThrow()
                    .as(new StandIn("its agent's module", List.of("libother.so"), true)))
            .build();
    assertThatThrownBy(() -> told(List.of(Application.OWN_SDK), List.of(server)))
        .isInstanceOf(DemoFailure.class)
        .hasMessageMatching("greeter-httpd-\\S+ has not loaded libother.so");
  }

  @Test
  void a_stand_in_of_scripts_that_has_not_run_is_not_shown() {
    Application ruby =
        new Application.Builder("ruby", "Ruby")
            .greeter("ruby", Images::rubyApp)
            .agent(
                Agent.in(
                        Application.RUBY.agent().orElseThrow().image(),
                        images -> images.standInForRubyAgent("empty"))
                    .as(new StandIn("its agent's gems", List.of(), true)))
            .build();
    assertThatThrownBy(() -> told(List.of(Application.OWN_SDK), List.of(ruby)))
        .isInstanceOf(DemoFailure.class)
        .hasMessageMatching("the log of greeter-ruby-\\S+ does not name a stand-in");
  }
}
