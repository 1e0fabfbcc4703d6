package io.otelgraft.benchmarks;

import java.util.Locale;

/** What a figure counts, and which way is better. */
enum Unit {
  MICROSECONDS("µs", false),
  MILLISECONDS("ms", false),
  SECONDS("s", false),
  KIBIBYTES("KiB", false),
  MEBIBYTES("MiB", false),
  PER_SECOND("/s", true),
  /** Of one. */
  SHARE("", true),
  /** How often something happened that should not. */
  ERRORS("", false);

  private final String symbol;
  private final boolean moreIsBetter;

  Unit(String symbol, boolean moreIsBetter) {
    this.symbol = symbol;
    this.moreIsBetter = moreIsBetter;
  }

  boolean moreIsBetter() {
    return moreIsBetter;
  }

  /** A value with as many digits as mean something: {@code 10,240 /s}, {@code 4.71 ms}. */
  String text(double value) {
    String number =
        this == ERRORS || Math.abs(value) >= 100
            ? String.format(Locale.ROOT, "%,.0f", value)
            : String.format(Locale.ROOT, Math.abs(value) >= 10 ? "%.1f" : "%.2f", value);
    return symbol.isEmpty() ? number : number + " " + symbol;
  }
}
