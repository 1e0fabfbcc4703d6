package io.otelgraft.lang.nginx;

import io.otelgraft.spi.Target;
import io.otelgraft.spi.Telemetry;
import io.otelgraft.spi.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The agent's configuration as a file of nginx.
 *
 * <p>What is known at admission is written into the text, with each value as words that end where
 * they should. What the kubelet fills in from somewhere else can hold anything, so that it reaches
 * the script as words of its own, and is quoted there.
 *
 * @param text the file, with {@code <<SID-PLACEHOLDER>>} for the name of the pod
 * @param words directives and their values, by turns, which the kubelet fills in
 * @param variables what these values refer to
 * @see <a href="https://nginx.org/en/docs/beginners_guide.html#conf_structure">Configuration file's
 *     structure</a>
 */
record AgentConfiguration(String text, List<String> words, List<Variable> variables) {
  private static final Pattern DIRECTIVE = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");

  /** Variables that the kubelet fills with addresses and names, so with nothing to be quoted. */
  private static final Set<String> HARMLESS =
      Set.of(
          "OTEL_NODE_IP",
          "OTEL_POD_IP",
          "OTEL_RESOURCE_ATTRIBUTES_POD_NAME",
          "OTEL_RESOURCE_ATTRIBUTES_POD_UID",
          "OTEL_RESOURCE_ATTRIBUTES_NODE_NAME");

  private static final Pattern REFERENCE = Pattern.compile("\\$\\$|\\$\\(([^)$]*+)\\)");
  private static final Pattern NAME = Pattern.compile("\\$\\([A-Za-z_][A-Za-z0-9_]*\\)");
  private static final String BARE = "[A-Za-z0-9_.,:/@%+=~*?-]++";
  private static final Pattern WORD = Pattern.compile(BARE);
  private static final Pattern NEXT_WORD =
      Pattern.compile("\\G(?:" + BARE + "|\"[^\"\\\\$\\r\\n]*+\")(?:[ \\t]++|$)");

  /** Whether a name can be that of a directive. */
  static boolean isDirective(String name) {
    return DIRECTIVE.matcher(name).matches();
  }

  /** The configuration for a target. */
  static AgentConfiguration of(Target target) {
    StringBuilder text = new StringBuilder();
    List<String> words = new ArrayList<>(0);
    List<Variable> variables = new ArrayList<>(0);
    directives(target, words, variables)
        .forEach((name, value) -> text.append(name).append(' ').append(value).append(";\n"));
    return new AgentConfiguration(text.toString(), words, variables);
  }

  /** The directives that stand in the text; the others go into the lists. */
  private static Map<String, String> directives(
      Target target, List<String> words, List<Variable> variables) {
    Telemetry telemetry = target.telemetry();
    Map<String, String> written = new TreeMap<>();
    written.put("NginxModuleEnabled", "ON");
    written.put("NginxModuleOtelSpanExporter", "otlp");
    written.put("NginxModuleResolveBackends", "ON");
    written.put("NginxModuleServiceInstanceId", "<<SID-PLACEHOLDER>>");
    written.put("NginxModuleTraceAsError", "ON");
    Map<String, Variable> given = new TreeMap<>();
    give(
        "NginxModuleOtelExporterEndpoint",
        seen(
            target,
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            or(telemetry.endpoint(), "http://localhost:4317/"),
            variables),
        given);
    give(
        "NginxModuleServiceName",
        seen(target, "OTEL_SERVICE_NAME", or(telemetry.serviceName(), target.name()), variables),
        given);
    give("NginxModuleServiceNamespace", or(telemetry.serviceNamespace(), "nginx"), given);
    Set<String> single = Set.copyOf(given.keySet());
    for (Variable attribute : target.section().get(NginxPlugin.ATTRIBUTES).orElse(List.of())) {
      if (isDirective(attribute.name())) {
        written.remove(attribute.name());
        given.put(attribute.name(), attribute);
      }
    }
    for (Map.Entry<String, Variable> directive : given.entrySet()) {
      String name = directive.getKey();
      Variable variable = directive.getValue();
      if (variable.literal().isEmpty()) {
        String source = "OTEL_NGINX_ATTRIBUTE_" + variables.size();
        variables.add(Variable.from(source, variable.source()));
        words.addAll(List.of(name, "$(" + source + ")"));
      } else if (mayHoldAnything(variable.literal().get(), target)) {
        words.addAll(List.of(name, variable.literal().get()));
      } else {
        written.put(name, argument(variable.literal().get(), !single.contains(name)));
      }
    }
    return written;
  }

  /** A value, or a reference to the variable that holds it unless a source of envFrom does. */
  private static String seen(
      Target target, String variable, String value, List<Variable> variables) {
    if (target.env().get(variable).isPresent() || !target.env().mayHoldUnseen(variable)) {
      return value;
    }
    variables.add(Variable.of(variable, value));
    return "$(" + variable + ")";
  }

  private static void give(String directive, String value, Map<String, Variable> into) {
    into.put(directive, Variable.of(directive, value));
  }

  private static String or(String value, String otherwise) {
    return value.isEmpty() ? otherwise : value;
  }

  /** Whether a value refers to a variable that is not known to be harmless. */
  private static boolean mayHoldAnything(String value, Target target) {
    Matcher reference = REFERENCE.matcher(value);
    while (reference.find()) {
      String name = reference.group(1);
      if (name != null && !(HARMLESS.contains(name) && target.env().get(name).isEmpty())) {
        return true;
      }
    }
    return false;
  }

  /**
   * A value as what stands behind the name of a directive.
   *
   * @param several whether it may be several words
   */
  static String argument(String value, boolean several) {
    // What the kubelet fills in is bare.
    String filled = NAME.matcher(value).replaceAll("x");
    boolean readable = several ? isWords(filled) : WORD.matcher(filled).matches();
    return readable ? value : quoted(value);
  }

  private static boolean isWords(String text) {
    int end = 0;
    Matcher word = NEXT_WORD.matcher(text);
    while (word.find()) {
      end = word.end();
    }
    return end > 0 && end == text.length();
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '"', '\\' -> quoted.append('\\').append(c);
        default -> quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
