package io.otelgraft.runtime.explanation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.admission.Decision;
import io.otelgraft.core.injection.Edit;
import io.otelgraft.core.injection.Finding;
import io.otelgraft.core.injection.Injected;
import io.otelgraft.core.injection.Overruled;
import java.util.Locale;

/** A decision as data: the same that {@link Explanation} tells in words. */
public final class ExplanationJson {

  private ExplanationJson() {}

  /** A decision with its edits, with what gave way, and its findings. */
  public static ObjectNode of(Decision decision) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("outcome", lower(decision.outcome()));
    json.put("reason", decision.reason());
    json.put("message", decision.message());
    ArrayNode injected = json.putArray("injected");
    for (Injected one : decision.injected()) {
      ObjectNode entry = injected.addObject();
      entry.put("language", one.language());
      entry.put("instrumentation", one.instrumentation());
      one.containers().forEach(entry.putArray("containers")::add);
    }
    ArrayNode edits = json.putArray("edits");
    decision.journal().edits().forEach(edit -> edits.add(edit(edit)));
    ArrayNode overruled = json.putArray("overruled");
    decision.journal().overruled().forEach(one -> overruled.add(overruled(one)));
    ArrayNode findings = json.putArray("findings");
    decision.findings().forEach(finding -> findings.add(finding(finding)));
    return json;
  }

  private static ObjectNode edit(Edit edit) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("path", edit.path());
    json.put("container", edit.container());
    json.put("part", lower(edit.part()));
    json.put("name", edit.name());
    if (!edit.value().isMissingNode()) {
      json.set("value", edit.value());
    }
    json.put("language", edit.language());
    json.put("rule", edit.rule());
    json.put("source", edit.source());
    if (!edit.before().isMissingNode()) {
      json.set("before", edit.before());
    }
    return json;
  }

  private static ObjectNode overruled(Overruled overruled) {
    JsonNode entry = overruled.variable().entry();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("container", overruled.container());
    json.put("name", overruled.variable().name());
    json.set("value", entry.has("valueFrom") ? entry.get("valueFrom") : entry.path("value"));
    json.put("source", overruled.source());
    json.put("winner", overruled.winner());
    return json;
  }

  private static ObjectNode finding(Finding finding) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("severity", lower(finding.severity()));
    json.put("reason", finding.reason());
    json.put("language", finding.language());
    json.put("container", finding.container());
    json.put("message", finding.message());
    json.put("fix", finding.fix());
    return json;
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
