package io.otelgraft.lang.php;

import io.otelgraft.spi.Target;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a container runs, as far as the pod says so: command and arguments in one list, or the
 * arguments alone, which the entry point of PHP's official images runs.
 */
record CommandLine(List<String> words) {
  private static final String ENTRY_POINT = "docker-php-entrypoint";
  private static final Pattern INTERPRETER =
      Pattern.compile("php[0-9.]*(-cgi|-fpm)?[0-9.]*|php-cli");
  private static final Pattern CONFINEMENT = Pattern.compile("open_basedir=([^\\s'\"]*)");

  /** The options of PHP that have a value; two of them are others for FPM. */
  private static final String WITH_VALUE = "BcdEFfRrStz";

  private static final String WITH_VALUE_OF_FPM = "cdgpy";

  /** The command line of a target; nothing where the image's counts. */
  static Optional<CommandLine> of(Target target) {
    List<String> command = target.command().orElse(List.of());
    List<String> args = target.args().orElse(List.of());
    List<String> words =
        Stream.concat(command.stream(), args.stream())
            .dropWhile(word -> fileName(word).equals(ENTRY_POINT))
            .toList();
    return words.isEmpty() ? Optional.empty() : Optional.of(new CommandLine(words));
  }

  /**
   * The option with which PHP reads no ini files, so that it finds nothing in {@code
   * PHP_INI_SCAN_DIR}.
   */
  Optional<String> deafOption() {
    String program = fileName(words.getFirst());
    if (!INTERPRETER.matcher(program).matches()) {
      return Optional.empty();
    }
    String withValue = program.contains("fpm") ? WITH_VALUE_OF_FPM : WITH_VALUE;
    for (int i = 1; i < words.size(); i++) {
      String word = words.get(i);
      if (word.equals("--no-php-ini")) {
        return Optional.of(word);
      }
      if (!word.startsWith("-") || word.equals("--")) {
        return Optional.empty();
      }
      if (word.startsWith("--")) {
        continue;
      }
      for (int at = 1; at < word.length(); at++) {
        char option = word.charAt(at);
        if (option == 'n') {
          return Optional.of(word);
        }
        if (withValue.indexOf(option) >= 0) {
          i += at == word.length() - 1 ? 1 : 0;
          break;
        }
      }
    }
    return Optional.empty();
  }

  /**
   * The directories that PHP is confined to, where the agent's is not among them: a file that is to
   * be run first and must not be opened is a fatal error.
   */
  Optional<String> confinement() {
    for (String word : words) {
      Matcher confined = CONFINEMENT.matcher(word);
      while (confined.find()) {
        String directories = confined.group(1);
        if (!directories.isEmpty()
            && !directories.equals("/")
            && !directories.contains("/otel-auto-instrumentation")) {
          return Optional.of(confined.group());
        }
      }
    }
    return Optional.empty();
  }

  /** The word by which PHP loads a tracer, if one does. */
  Optional<String> tracer() {
    return words.stream()
        .filter(word -> word.contains("extension=") || word.contains("auto_prepend_file="))
        .filter(Tracers::areNamedIn)
        .findFirst();
  }

  private static String fileName(String word) {
    return word.substring(word.lastIndexOf('/') + 1);
  }
}
