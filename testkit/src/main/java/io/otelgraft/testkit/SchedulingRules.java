package io.otelgraft.testkit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** {@code pkg/apis/core/validation}: affinity, tolerations, topology spread. */
final class SchedulingRules {
  private static final List<String> EFFECTS =
      List.of("NoSchedule", "PreferNoSchedule", "NoExecute");
  private static final List<String> UNSATISFIABLE = List.of("DoNotSchedule", "ScheduleAnyway");
  private static final List<String> INCLUSION_POLICIES = List.of("Honor", "Ignore");

  private SchedulingRules() {}

  static void check(PodFacts facts) {
    Field affinity = facts.spec().child("affinity");
    nodeAffinity(affinity.child("nodeAffinity"));
    for (String kind : List.of("podAffinity", "podAntiAffinity")) {
      Field terms = affinity.child(kind);
      for (Field term : terms.items("requiredDuringSchedulingIgnoredDuringExecution")) {
        podAffinityTerm(term, facts);
      }
      for (Field weighted : terms.items("preferredDuringSchedulingIgnoredDuringExecution")) {
        weight(weighted);
        podAffinityTerm(weighted.child("podAffinityTerm"), facts);
      }
    }
    topologySpread(facts);
    facts.spec().items("tolerations").forEach(SchedulingRules::toleration);
  }

  private static void nodeAffinity(Field affinity) {
    Field required = affinity.child("requiredDuringSchedulingIgnoredDuringExecution");
    if (required.isSet()) {
      Field terms = required.child("nodeSelectorTerms");
      if (terms.isEmpty()) {
        terms.required("must have at least one node selector term");
      }
      terms.items().forEach(term -> nodeSelectorTerm(term, true));
    }
    for (Field preferred : affinity.items("preferredDuringSchedulingIgnoredDuringExecution")) {
      weight(preferred);
      nodeSelectorTerm(preferred.child("preference"), false);
    }
  }

  private static void weight(Field weighted) {
    if (weighted.number("weight") < 1 || weighted.number("weight") > 100) {
      weighted.child("weight").invalid("must be in the range 1-100");
    }
  }

  private static void nodeSelectorTerm(Field term, boolean checkValues) {
    for (Field expression : term.items("matchExpressions")) {
      Field values = expression.child("values");
      switch (expression.text("operator")) {
        case "In", "NotIn" -> {
          if (values.isEmpty()) {
            values.required("must be specified when `operator` is 'In' or 'NotIn'");
          }
        }
        case "Exists", "DoesNotExist" -> {
          if (!values.isEmpty()) {
            values.forbidden("may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
          }
        }
        case "Gt", "Lt" -> {
          if (values.size() != 1) {
            values.required("must be specified single value when `operator` is 'Lt' or 'Gt'");
          }
        }
        default ->
            expression
                .child("operator")
                .invalid(expression.text("operator"), "not a valid selector operator");
      }
      MetadataRules.labelName(expression.child("key"));
      if (checkValues) {
        values
            .items()
            .forEach(value -> value.invalid(value.text(), Formats.labelValue(value.text())));
      }
    }
    for (Field field : term.items("matchFields")) {
      Field values = field.child("values");
      String operator = field.text("operator");
      if (!operator.equals("In") && !operator.equals("NotIn")) {
        field.child("operator").invalid(operator, "not a valid selector operator");
      } else if (values.size() != 1) {
        values.required(
            "must be only one value when `operator` is 'In' or 'NotIn' for node field selector");
      }
      if (field.text("key").equals("metadata.name")) {
        values
            .items()
            .forEach(value -> value.invalid(value.text(), Formats.dnsSubdomain(value.text())));
      } else {
        field.child("key").invalid(field.text("key"), "not a valid field selector key");
      }
    }
  }

  private static void podAffinityTerm(Field term, PodFacts facts) {
    MetadataRules.labelSelector(term.child("labelSelector"));
    MetadataRules.labelSelector(term.child("namespaceSelector"));
    for (Field namespace : term.items("namespaces")) {
      namespace.invalid(namespace.text(), Formats.dnsLabel(namespace.text()));
    }
    matchLabelKeys(term, facts);
    if (term.text("topologyKey").isEmpty()) {
      term.child("topologyKey").required("can not be empty");
    }
    MetadataRules.labelName(term.child("topologyKey"));
  }

  private static void topologySpread(PodFacts facts) {
    List<Field> constraints = facts.spec().items("topologySpreadConstraints");
    for (int i = 0; i < constraints.size(); i++) {
      Field constraint = constraints.get(i);
      String action = constraint.text("whenUnsatisfiable");
      positive(constraint.child("maxSkew"));
      if (constraint.text("topologyKey").isEmpty()) {
        constraint.child("topologyKey").required("can not be empty");
      }
      constraint.child("whenUnsatisfiable").requireOneOf(UNSATISFIABLE);
      String kind = "{" + constraint.text("topologyKey") + ", " + action + "}";
      for (Field later : constraints.subList(i + 1, constraints.size())) {
        if (kind.equals(
            "{" + later.text("topologyKey") + ", " + later.text("whenUnsatisfiable") + "}")) {
          constraint.duplicate(kind);
          break;
        }
      }
      Field minDomains = constraint.child("minDomains");
      if (minDomains.isSet()) {
        positive(minDomains);
        if (!action.equals("DoNotSchedule")) {
          minDomains.invalid(
              "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not " + action);
        }
      }
      for (String policy : List.of("nodeAffinityPolicy", "nodeTaintsPolicy")) {
        if (constraint.has(policy)) {
          constraint.child(policy).requireOneOf(INCLUSION_POLICIES);
        }
      }
      matchLabelKeys(constraint, facts);
      MetadataRules.labelSelector(constraint.child("labelSelector"));
    }
  }

  private static void positive(Field number) {
    if (number.number() <= 0) {
      number.invalid(Long.toString(number.number()), "must be greater than zero");
    }
  }

  /**
   * {@code ValidateMatchLabelKeysAndMismatchLabelKeys}. The server has by then written the keys
   * into the selector, with the pod's values, so that a key which the selector has itself is found
   * twice there.
   */
  private static void matchLabelKeys(Field term, PodFacts facts) {
    Field selector = term.child("labelSelector");
    Field match = term.child("matchLabelKeys");
    Field mismatch = term.child("mismatchLabelKeys");
    for (Field keys : List.of(match, mismatch)) {
      if (!selector.isSet() && !keys.isEmpty()) {
        keys.forbidden("must not be specified when labelSelector is not set");
      } else {
        keys.items().forEach(MetadataRules::labelName);
      }
    }
    Set<String> mismatched = new HashSet<>();
    mismatch.items().forEach(key -> mismatched.add(key.text()));
    for (Field key : match.items()) {
      if (mismatched.contains(key.text())) {
        key.invalid(key.text(), "exists in both matchLabelKeys and mismatchLabelKeys");
      }
    }
    if (!selector.isSet()) {
      return;
    }
    List<String> expressions = new ArrayList<>();
    selector
        .items("matchExpressions")
        .forEach(expression -> expressions.add(expression.text("key")));
    if (!facts.template()) {
      for (Field keys : List.of(match, mismatch)) {
        keys.items().stream()
            .map(Field::text)
            .filter(key -> facts.labels().value().has(key))
            .forEach(expressions::add);
      }
    }
    Set<String> selected = new HashSet<>();
    selector.child("matchLabels").entries().forEach(label -> selected.add(label.key()));
    for (String expression : expressions) {
      if (!selected.add(expression)) {
        match.items().stream()
            .filter(key -> key.text().equals(expression))
            .findFirst()
            .ifPresent(
                key -> key.invalid(expression, "exists in both matchLabelKeys and labelSelector"));
      }
    }
  }

  private static void toleration(Field toleration) {
    String key = toleration.text("key");
    Field operator = toleration.child("operator");
    Field effect = toleration.child("effect");
    String value = toleration.text("value");
    if (!key.isEmpty()) {
      MetadataRules.labelName(toleration.child("key"));
    } else if (!operator.text().equals("Exists")) {
      operator.invalid(
          operator.text(),
          "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
    }
    if (toleration.has("tolerationSeconds") && !effect.text().equals("NoExecute")) {
      effect.invalid(effect.text(), "effect must be 'NoExecute' when `tolerationSeconds` is set");
    }
    switch (operator.text()) {
      case "Equal", "" -> {
        List<String> wrong = Formats.labelValue(value);
        if (!wrong.isEmpty()) {
          operator.invalid(value, String.join(";", wrong));
        }
      }
      case "Exists" -> {
        if (!value.isEmpty()) {
          operator.invalid(value, "value must be empty when `operator` is 'Exists'");
        }
      }
      // Lt and Gt are supported only with a feature gate, yet the server's message names them for
      // these.
      case "Lt", "Gt" -> operator.requireOneOf("", List.of("Equal", "Exists", "Lt", "Gt"));
      default -> operator.requireOneOf(List.of("Equal", "Exists"));
    }
    if (!effect.text().isEmpty()) {
      effect.requireOneOf(EFFECTS);
    }
  }
}
