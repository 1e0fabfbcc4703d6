package io.otelgraft.runtime.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** The options that several commands have, and how a command is declared. */
final class Options {

  private static final String FILES = "--filename";
  private static final String RESOURCES = "--resources";
  private static final String NAMESPACE = "--namespace";
  private static final String OUTPUT = "--output";
  private static final String SET = "--set";
  private static final String SETTINGS = "--settings";
  private static final String PLUGINS = "--plugins";
  private static final String VERBOSE = "--verbose";
  private static final String PLATFORM = "--platform";
  private static final String SERVER = "--server";
  private static final String AUTHORITIES = "--ca";
  private static final String CONTAINER = "--container";

  private final CommandSpec spec;
  private final Map<String, String> exitCodes = new LinkedHashMap<>();

  private Options(Command command, String name, String... description) {
    spec = CommandSpec.wrapWithoutInspection(command).name(name);
    spec.usageMessage()
        .description(description)
        .sortOptions(false)
        .sortSynopsis(false)
        .abbreviateSynopsis(false)
        .optionListHeading("%nOptions:%n")
        .parameterListHeading("%n")
        .exitCodeListHeading("%nExit codes:%n");
    exitCode(ExitCode.OK, "done");
  }

  /**
   * Begins the declaration of a command.
   *
   * @param description lines, the first of which stands for the command in lists
   */
  static Options of(Command command, String name, String... description) {
    return new Options(command, name, description);
  }

  /** {@code -f}, required. */
  Options files(String what) {
    return add(
        list("FILE", "-f", FILES)
            .required(true)
            .description(what + ": a file, a folder, or - for standard input; can be repeated"));
  }

  /** {@code -f}, for one file. */
  Options file(String description) {
    return add(one("FILE", "-f", FILES).description(description));
  }

  /** {@code --resources} and {@code -n}, beside {@code -f}. */
  Options resources() {
    return resources(
        false,
        "Instrumentations and Namespaces that are not in -f: a file or folder; can be repeated");
  }

  /** {@code --resources}, required, and {@code -n}. */
  Options served() {
    return resources(
        true,
        "Instrumentations and Namespaces, followed as they change: a file or folder; can be repeated");
  }

  private Options resources(boolean required, String description) {
    add(list("FILE", RESOURCES).required(required).description(description));
    return add(
        one("NAMESPACE", "-n", NAMESPACE)
            .description("The namespace of objects that name none (default: default)"));
  }

  /** {@code -o}; the first format is the default. */
  Options output(List<String> formats, String what) {
    return add(
        one("FORMAT", "-o", OUTPUT)
            .completionCandidates(formats)
            .description(
                what
                    + ": "
                    + String.join(", ", formats)
                    + " (default: "
                    + formats.getFirst()
                    + ")"));
  }

  /** {@code --set} and {@code --settings}. */
  Options settings() {
    add(
        list("KEY=VALUE", SET)
            .description("A setting, before those of environment and file; can be repeated"));
    return add(
        one("FILE", SETTINGS)
            .description(
                "The settings file (default: $GRAFT_SETTINGS, else /etc/graft/settings.yaml if it"
                    + " exists)"));
  }

  /** {@code --plugins}. */
  Options plugins() {
    return add(
        one("FOLDER", PLUGINS)
            .description("The folder of language plugins (default: $GRAFT_PLUGINS, else Graft's)"));
  }

  /** {@code --server} and {@code --ca}. */
  Options server() {
    add(one("URL", SERVER).description("A server to ask, by the URL of its webhook"));
    return add(
        one("FILE", AUTHORITIES)
            .description("With --server: the certificate authority to trust, PEM"));
  }

  /** {@code --platform}. */
  Options platform() {
    return add(
        one("OS/ARCHITECTURE", PLATFORM)
            .description("The platform, where an image has several that differ"));
  }

  /** {@code -c}. */
  Options container(String what) {
    return add(one("NAME", "-c", CONTAINER).description(what));
  }

  /** What a command is about, which has to be given. */
  Options argument(String label) {
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .arity("1")
            .required(true)
            .paramLabel(label)
            .type(String.class)
            .build());
    return this;
  }

  /** {@code -v}. */
  Options verbose(String what) {
    return flag(what, "-v", VERBOSE);
  }

  /** An option without a value. */
  Options flag(String what, String... names) {
    return add(bool(names).description(what));
  }

  /** An option without a value that no help shows. */
  Options hidden(String name) {
    return add(bool(name).hidden(true));
  }

  /** An option with a value that no help shows. */
  Options hidden(String name, String label) {
    return add(one(label, name).hidden(true));
  }

  private static OptionSpec.Builder bool(String... names) {
    return OptionSpec.builder(names[0], rest(names)).type(boolean.class);
  }

  /** A further exit code. */
  Options exitCode(int code, String meaning) {
    exitCodes.put(String.valueOf(code), meaning);
    return this;
  }

  /** Ends the declaration. */
  CommandSpec examples(String... lines) {
    exitCode(ExitCode.NOT_DONE, "not done: wrong options, or something that cannot be read");
    add(bool("-h", "--help").usageHelp(true).description("Show this help"));
    spec.usageMessage()
        .exitCodeList(exitCodes)
        .footerHeading("%nExamples:%n")
        .footer(Arrays.stream(lines).map(line -> "  " + line).toArray(String[]::new));
    return spec;
  }

  private Options add(OptionSpec.Builder option) {
    spec.addOption(option.build());
    return this;
  }

  private static OptionSpec.Builder one(String label, String... names) {
    return OptionSpec.builder(names[0], rest(names)).paramLabel(label).type(String.class);
  }

  private static OptionSpec.Builder list(String label, String... names) {
    return one(label, names).type(List.class).auxiliaryTypes(String.class);
  }

  private static String[] rest(String... names) {
    return Arrays.copyOfRange(names, 1, names.length);
  }

  /** The values of {@code -f}. */
  static List<String> files(ParseResult given) {
    return given.matchedOptionValue(FILES, List.of());
  }

  /** The one file of {@code -f}; standard input unless one is named. */
  static String file(ParseResult given) {
    return given.matchedOptionValue(FILES, Manifests.STANDARD_INPUT);
  }

  /** The server to ask, if one is named. */
  static Optional<String> server(ParseResult given) {
    return Optional.ofNullable(given.matchedOptionValue(SERVER, (String) null));
  }

  /** The file of the certificate authority to trust, if one is named. */
  static Optional<Path> authorities(ParseResult given) {
    return Optional.ofNullable(given.matchedOptionValue(AUTHORITIES, (String) null)).map(Path::of);
  }

  /** The values of {@code --resources}. */
  static List<String> resources(ParseResult given) {
    return given.matchedOptionValue(RESOURCES, List.of());
  }

  /** The namespace of objects that name none. */
  static String namespace(ParseResult given) {
    return given.matchedOptionValue(NAMESPACE, "default");
  }

  /** The format that was chosen among those that were declared. */
  static String output(ParseResult given) {
    OptionSpec option = given.commandSpec().findOption(OUTPUT);
    List<String> formats = new ArrayList<>();
    option.completionCandidates().forEach(formats::add);
    String format = given.matchedOptionValue(OUTPUT, formats.getFirst());
    if (!formats.contains(format)) {
      throw new CommandFailure(
          "-o %s: there is no such format; choose one of %s"
              .formatted(format, String.join(", ", formats)));
    }
    return format;
  }

  /** The values of {@code --set}. */
  static List<String> set(ParseResult given) {
    return given.matchedOptionValue(SET, List.of());
  }

  /** The settings file, if one is named. */
  static Optional<Path> settings(ParseResult given) {
    return Optional.ofNullable(given.matchedOptionValue(SETTINGS, (String) null)).map(Path::of);
  }

  /** The plugins folder. */
  static Path plugins(ParseResult given, Surroundings surroundings) {
    return Optional.ofNullable(given.matchedOptionValue(PLUGINS, (String) null))
        .or(() -> Optional.ofNullable(surroundings.environment().get("GRAFT_PLUGINS")))
        .map(Path::of)
        .or(() -> surroundings.home().map(home -> home.resolve("plugins")))
        .orElseThrow(
            () -> new CommandFailure("there is no folder of plugins; name one with --plugins"));
  }

  /** The platform that was chosen; the empty string if none was. */
  static String platform(ParseResult given) {
    return given.matchedOptionValue(PLATFORM, "");
  }

  /** The container that is named; the empty string if none is. */
  static String container(ParseResult given) {
    return given.matchedOptionValue(CONTAINER, "");
  }

  /** What a command is about. */
  static String argument(ParseResult given) {
    return given.matchedPositionalValue(0, "");
  }

  /** Whether a flag is given. */
  static boolean has(ParseResult given, String flag) {
    return given.matchedOptionValue(flag, false);
  }

  /** The value of an option that no help shows, if it is given. */
  static Optional<String> hidden(ParseResult given, String name) {
    return Optional.ofNullable(given.matchedOptionValue(name, (String) null));
  }

  /** Whether {@code -v} is given. */
  static boolean verbose(ParseResult given) {
    return has(given, VERBOSE);
  }
}
