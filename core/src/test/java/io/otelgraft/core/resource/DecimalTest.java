package io.otelgraft.core.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DecimalTest {

  private static Optional<BigDecimal> quantity(String text) {
    return Quantity.parse(TextNode.valueOf(text));
  }

  @ParameterizedTest
  @CsvSource({
    "0.25, 0.25",
    "-1e3, -1000",
    "100m, 0.1",
    "5n, 0.000000005",
    "2k, 2000",
    "1E, 1000000000000000000",
    "1.5Ki, 1536",
    "3Ei, 3458764513820540928",
    "1e3, 1000"
  })
  void an_amount_is_a_number_whatever_its_unit(String text, BigDecimal value) {
    assertThat(quantity(text)).hasValueSatisfying(it -> assertThat(it).isEqualByComparingTo(value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "i", "xi", "m", "Ki", "1Kib", "1,5", "one"})
  void what_is_no_amount_is_none(String text) {
    assertThat(quantity(text)).isEmpty();
  }

  /** To add one to some of these takes gigabytes, to decode another takes minutes. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e999999999",
        "1e-999999999",
        "1e2147483647k",
        "1e-2147483647n",
        "1e1001",
        "DIGITS"
      })
  void what_would_take_all_time_or_memory_is_no_number(String text) {
    String number = text.replace("DIGITS", "1".repeat(1_000_000));

    assertThat(Decimal.parse(number)).isEmpty();
    assertThat(quantity(number)).isEmpty();
  }
}
