package io.otelgraft.runtime.page;

import io.otelgraft.core.admission.Decision.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** How the page says what several parts of it say. */
final class Words {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final double NANOS_PER_MILLI = 1e6;

  private Words() {}

  /** What became of an object. */
  static String of(Outcome outcome) {
    return switch (outcome) {
      case INJECTED -> "injected";
      case OBSERVED -> "only observed";
      case REJECTED -> "rejected";
      case UNCHANGED -> "left as it is";
    };
  }

  /** An outcome that stands out by a sign and a colour, and is read as words. */
  static Html badge(Outcome outcome) {
    return switch (outcome) {
      case INJECTED -> badge(Html.of("good"), "✓", outcome);
      case OBSERVED -> badge(Html.of("doubtful"), "○", outcome);
      case REJECTED -> badge(Html.of("bad"), "✗", outcome);
      case UNCHANGED -> badge(Html.of("dim"), "·", outcome);
    };
  }

  private static Html badge(Html tone, String sign, Outcome outcome) {
    return Html.of(
        "<span class=\"sign {}\"><span aria-hidden=\"true\">{}</span> {}</span>",
        tone,
        sign,
        of(outcome));
  }

  /** The time of day; the rest is there for programs. */
  static Html time(Instant at) {
    return Html.of("<time datetime=\"{}\">{}</time>", at, TIME.format(at));
  }

  /** Day and time. */
  static Html date(Instant at) {
    return Html.of("<time datetime=\"{}\">{} UTC</time>", at, DATE.format(at));
  }

  /** A number that may be large: {@code 12,345}. */
  static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  static String milliseconds(Duration took) {
    return String.format(Locale.ROOT, "%.2f ms", took.toNanos() / NANOS_PER_MILLI);
  }
}
