package io.otelgraft.e2e.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The rules of the API reference for {@code EnvVar.value}, and the corners of the kubelet's own
 * test of them.
 */
class VariableReferencesTest {

  private static final Map<String, String> VARIABLES =
      Map.of("A", "a", "B", "b", "EMPTY", "", "REFERENCE", "$(A)", "MONEY", "$");

  @ParameterizedTest(name = "{0} becomes {1}")
  @CsvSource({
    "$(A), a",
    "$(A)-$(A), a-a",
    "___$(B)___, ___b___",
    "x$(EMPTY)y, xy",
    "x\\$(A), x\\a",
    "$(MONEY)(A), $(A)",
  })
  void a_reference_yields_the_value(String text, String expanded) {
    assertThat(VariableReferences.expand(text, VARIABLES)).isEqualTo(expanded);
  }

  @ParameterizedTest(name = "{0} becomes {1}")
  @CsvSource({
    "$$(A), $(A)",
    "$$(B)_$(A), $(B)_a",
    "x-$$A, x-$A",
    "$$$(A), $a",
    "$$$$$$(A), $$$(A)",
    "$$$$$$$(A), $$$a",
    "$$$$$$$(UNKNOWN), $$$$(UNKNOWN)",
  })
  void two_dollars_stand_for_one_that_refers_to_nothing(String text, String expanded) {
    assertThat(VariableReferences.expand(text, VARIABLES)).isEqualTo(expanded);
  }

  @ParameterizedTest
  @CsvSource({
    "$(UNKNOWN)",
    "$A",
    "$A)",
    "${A}",
    "x__(A)__",
    "$?_x_$!",
    "x$(A whoops!",
    "$(A$(B))",
    "$(x$$y)",
    "$(",
    "--$($($($--",
    "money$",
  })
  void everything_else_stays_as_it_is(String text) {
    assertThat(VariableReferences.expand(text, VARIABLES)).isEqualTo(text);
  }

  @Test
  void what_a_reference_yields_is_not_expanded_again() {
    assertThat(VariableReferences.expand("%$(REFERENCE)--$(REFERENCE)%", VARIABLES))
        .isEqualTo("%$(A)--$(A)%");
  }

  @Test
  void references_before_an_unfinished_one_still_count() {
    assertThat(VariableReferences.expand("$(B)_____$(A", VARIABLES)).isEqualTo("b_____$(A");
  }
}
