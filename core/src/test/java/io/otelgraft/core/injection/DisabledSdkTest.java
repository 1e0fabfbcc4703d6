package io.otelgraft.core.injection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who moves from an SDK in the code to an agent may switch off both with one variable. */
final class DisabledSdkTest {
  @ParameterizedTest
  @ValueSource(strings = {"true", "True", "TRUE"})
  void a_pod_that_switches_the_sdk_off_is_told_that_its_agent_is_off_too(String value) {
    var story =
        TelemetryStory.ofDeployment("env: [{name: OTEL_SDK_DISABLED, value: '" + value + "'}]");

    assertThat(story.telemetry().notes())
        .singleElement()
        .satisfies(note -> {
          assertThat(note.reason()).isEqualTo("SdkDisabled");
          assertThat(note.warning()).isTrue();
          assertThat(note.message())
              .startsWith("OTEL_SDK_DISABLED is true in env of the pod")
              .contains("injected agent", "nothing is sent");
          assertThat(note.fix()).startsWith("remove it");
        });
  }

  @Test
  void so_is_one_whose_resource_does() {
    var story =
        TelemetryStory.ofDeployment().with("env: [{name: OTEL_SDK_DISABLED, value: 'true'}]");

    assertThat(story.telemetry().notes())
        .singleElement()
        .extracting(Note::message)
        .asString()
        .contains("in spec.env of shop/");
  }

  @Test
  void the_pod_counts_before_the_resource() {
    var story =
        TelemetryStory.ofDeployment("env: [{name: OTEL_SDK_DISABLED, value: 'false'}]")
            .with("env: [{name: OTEL_SDK_DISABLED, value: 'true'}]");

    assertThat(story.telemetry().notes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"false", "", "1", "yes"})
  void what_the_sdk_does_not_take_for_true_is_nothing_to_tell(String value) {
    var story =
        TelemetryStory.ofDeployment("env: [{name: OTEL_SDK_DISABLED, value: '" + value + "'}]");

    assertThat(story.telemetry().notes()).isEmpty();
  }
}
