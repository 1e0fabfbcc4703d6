package io.otelgraft.lang.httpd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AgentConfigurationTest {

  @ParameterizedTest
  @ValueSource(strings = {"ON", "4096", "http://$(OTEL_NODE_IP):4317/", "a=b,c"})
  void what_can_be_read_as_it_is_is_not_quoted(String value) {
    assertThat(AgentConfiguration.argument(value, false)).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '~',
      value = {
        "a b => \"a b\"",
        "a\"b => \"a\\\"b\"",
        "a\\ => \"a\\\\\"",
        "${HOME} => \"{HOME}\"",
        "$$${HOME} => \"{HOME}\"",
        "$$(X) => \"$$(X)\""
      })
  void what_means_something_to_the_server_is_quoted(String value, String quoted) {
    assertThat(AgentConfiguration.argument(value, false)).isEqualTo(quoted);
  }

  @Test
  void an_attribute_may_hold_several_words() {
    assertThat(AgentConfiguration.argument("one \"two three\" four", true))
        .isEqualTo("one \"two three\" four");
    assertThat(AgentConfiguration.argument("one \"two\"three", true))
        .isEqualTo("\"one \\\"two\\\"three\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "$(OTEL_POD_IP)", "$", "$(", "\"", "a ", "\\"})
  void a_value_that_is_very_long_takes_no_time(String part) {
    assertThat(AgentConfiguration.argument(part.repeat(200_000), true)).isNotEmpty();
  }
}
