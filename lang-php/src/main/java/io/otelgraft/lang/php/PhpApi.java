package io.otelgraft.lang.php;

import java.util.Arrays;

/**
 * A release of PHP, and the date by which it names what extensions are compiled against.
 *
 * @see <a href="https://www.php.net/supported-versions.php">Supported versions of PHP</a>
 */
enum PhpApi {
  PHP_8_1("20210902", "8.1"),
  PHP_8_2("20220829", "8.2"),
  PHP_8_3("20230831", "8.3"),
  PHP_8_4("20240924", "8.4"),
  PHP_8_5("20250925", "8.5");

  private final String date;
  private final String version;

  PhpApi(String date, String version) {
    this.date = date;
    this.version = version;
  }

  /** The dates of all, as the agent's image names its directories. */
  static String[] dates() {
    return Arrays.stream(values()).map(PhpApi::date).toArray(String[]::new);
  }

  /** The release of a date that is one of {@link #dates}. */
  static PhpApi of(String date) {
    return Arrays.stream(values()).filter(api -> api.date.equals(date)).findFirst().orElseThrow();
  }

  String date() {
    return date;
  }

  String version() {
    return version;
  }
}
