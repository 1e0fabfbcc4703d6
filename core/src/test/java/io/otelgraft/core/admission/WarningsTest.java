package io.otelgraft.core.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Warnings reach the user within the limits of the API server. */
final class WarningsTest {
  @Test
  void what_fits_stays_whole_however_long_one_of_them_is() {
    List<String> texts = List.of("a".repeat(4000), "b".repeat(96));

    assertThat(Warnings.fitted(texts)).isEqualTo(texts);
  }

  @Test
  void a_line_break_does_not_lose_the_warning() {
    assertThat(Warnings.fitted(List.of("one\ntwo\tthree\u0085"))).containsExactly("one two three ");
  }

  @Test
  void what_is_said_twice_is_sent_once() {
    assertThat(Warnings.fitted(List.of("a", "b", "a"))).containsExactly("a", "b");
  }

  @Test
  void more_than_all_may_have_is_shortened_to_what_each_may_have() {
    List<String> fitted = Warnings.fitted(List.of("a".repeat(4000), "b".repeat(97), "c"));

    assertThat(fitted).hasSize(3);
    assertThat(fitted.getFirst()).isEqualTo("a".repeat(255) + "…");
    assertThat(fitted).endsWith("b".repeat(97), "c");
  }

  @Test
  void what_does_not_fit_even_so_is_counted() {
    List<String> texts = new ArrayList<>();
    IntStream.range(0, 100).forEach(i -> texts.add("warning " + i + " " + "x".repeat(300)));

    List<String> fitted = Warnings.fitted(texts);

    assertThat(fitted).hasSize(16);
    assertThat(fitted.getFirst()).startsWith("warning 0 x");
    assertThat(fitted.getLast())
        .isEqualTo("graft: there are 85 more warnings; graft explain shows them all");
    assertThat(fitted.stream().mapToInt(String::length).sum()).isLessThanOrEqualTo(4096);
  }

  @Test
  void a_character_is_never_cut_in_two() {
    List<String> fitted = Warnings.fitted(List.of("🌱".repeat(4097)));

    assertThat(fitted).containsExactly("🌱".repeat(255) + "…");
  }
}
