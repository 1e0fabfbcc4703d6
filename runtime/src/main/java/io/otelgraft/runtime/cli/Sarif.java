package io.otelgraft.runtime.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Diagnostics in the format that code reviews show beside the lines.
 *
 * @see <a href="https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html">SARIF 2.1.0</a>
 */
final class Sarif {

  private static final String SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";

  private Sarif() {}

  /** A log with one run. */
  static ObjectNode of(List<Diagnostic> diagnostics) {
    ObjectNode log = JsonNodeFactory.instance.objectNode();
    log.put("$schema", SCHEMA);
    log.put("version", "2.1.0");
    ObjectNode run = log.putArray("runs").addObject();
    ObjectNode driver = run.putObject("tool").putObject("driver");
    driver.put("name", "graft");
    driver.put("version", Graft.version());
    List<String> rules = diagnostics.stream().map(Diagnostic::rule).distinct().sorted().toList();
    ArrayNode declared = driver.putArray("rules");
    rules.forEach(rule -> declared.addObject().put("id", rule));
    run.put("columnKind", "utf16CodeUnits");
    ArrayNode results = run.putArray("results");
    for (Diagnostic one : diagnostics) {
      result(results.addObject(), one, rules);
    }
    return log;
  }

  private static void result(ObjectNode result, Diagnostic one, List<String> rules) {
    result.put("ruleId", one.rule());
    result.put("ruleIndex", rules.indexOf(one.rule()));
    result.put("level", one.level().name().toLowerCase(Locale.ROOT));
    String fix = one.fix().isEmpty() ? "" : "; " + one.fix();
    result.putObject("message").put("text", one.message() + fix);
    ObjectNode location = result.putArray("locations").addObject().putObject("physicalLocation");
    location.putObject("artifactLocation").put("uri", uri(one.file()));
    location.putObject("region").put("startLine", one.line()).put("startColumn", one.column());
  }

  /** A reference relative to where the command ran, unless the user named a whole path. */
  private static String uri(String file) {
    Path path = Path.of(file);
    if (path.isAbsolute()) {
      return path.toUri().toString();
    }
    try {
      return new URI(null, null, path.normalize().toString(), null).getRawPath();
    } catch (URISyntaxException e) {
      return path.toUri().toString();
    }
  }
}
