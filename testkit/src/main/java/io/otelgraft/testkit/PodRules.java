package io.otelgraft.testkit;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code pkg/apis/core/validation}: {@code ValidatePodCreate}, {@code ValidatePodTemplateSpec},
 * {@code ValidatePodSpec}.
 */
final class PodRules {
  private static final String MIRROR = "kubernetes.io/config.mirror";
  private static final String DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";
  private static final List<String> RESTART_POLICIES = List.of("Always", "OnFailure", "Never");
  private static final List<String> DNS_POLICIES =
      List.of("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None");
  private static final List<String> PREEMPTION_POLICIES = List.of("PreemptLowerPriority", "Never");
  private static final int MAX_NAMESERVERS = 3;
  private static final int MAX_SEARCH_PATHS = 32;
  private static final int MAX_SEARCH_LIST = 2048;

  private PodRules() {}

  static void pod(Field pod) {
    MetadataRules.pod(pod.child("metadata"));
    check(PodFacts.of(pod, false));
  }

  static void template(Field template) {
    MetadataRules.labels(template.child("metadata").child("labels"));
    MetadataRules.annotations(template.child("metadata").child("annotations"));
    check(PodFacts.of(template, true));
  }

  private static void check(PodFacts facts) {
    annotations(facts);
    // The volumes first: the rules for containers ask for them.
    VolumeRules.check(facts);
    resourceClaims(facts);
    ContainerRules.check(facts);
    ResourceRules.pod(facts);
    SecurityRules.pod(facts);
    SecurityRules.annotations(facts);
    SchedulingRules.check(facts);
    hostNetwork(facts);
    names(facts);
    hostName(facts.spec());
    dns(facts.spec());
    aliasesAndGates(facts);
    Field spec = facts.spec();
    spec.child("restartPolicy").requireOneOf(facts.restartPolicy(), RESTART_POLICIES);
    MetadataRules.labels(spec.child("nodeSelector"));
    if (spec.has("preemptionPolicy")) {
      Field policy = spec.child("preemptionPolicy");
      if (policy.text().isEmpty()) {
        policy.required("");
      } else {
        policy.requireOneOf(PREEMPTION_POLICIES);
      }
    }
    Field deadline = spec.child("activeDeadlineSeconds");
    if (deadline.isSet()) {
      deadline.invalid(Formats.range(deadline.number(), 1, Integer.MAX_VALUE));
    }
    ResourceRules.overhead(spec.child("overhead"));
  }

  private static void annotations(PodFacts facts) {
    Field mirror = facts.annotations().entry(MIRROR);
    if (facts.annotations().value().has(MIRROR) && facts.spec().text("nodeName").isEmpty()) {
      mirror.invalid(mirror.text(), "must set spec.nodeName if mirror pod annotation is set");
    }
    if (facts.annotations().value().has(DELETION_COST)) {
      Field cost = facts.annotations().entry(DELETION_COST);
      if (!isCost(cost.text())) {
        cost.invalid(cost.text(), "must be a 32bit integer");
      }
    }
  }

  /** {@code GetDeletionCostFromPodAnnotations}: no plus sign, no leading zeros. */
  private static boolean isCost(String text) {
    if (text.isEmpty() || text.startsWith("+") || (text.startsWith("0") && text.length() > 1)) {
      return false;
    }
    try {
      Integer.parseInt(text);
      return text.chars().allMatch(c -> c < 128);
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static void resourceClaims(PodFacts facts) {
    Set<String> names = new HashSet<>();
    for (Field claim : facts.spec().items("resourceClaims")) {
      if (!facts.template() && facts.annotations().value().has(MIRROR)) {
        claim.forbidden("static pods do not support resource claims");
        continue;
      }
      Field name = claim.child("name");
      if (name.text().isEmpty()) {
        name.required("");
      } else if (!names.add(name.text())) {
        name.duplicate(name.text());
      } else {
        name.invalid(Formats.dnsLabel(name.text()));
      }
      boolean byName = claim.has("resourceClaimName");
      boolean byTemplate = claim.has("resourceClaimTemplateName");
      if (byName && byTemplate) {
        claim.invalid(
            "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified");
      }
      if (!byName && !byTemplate) {
        claim.invalid("must specify one of: `resourceClaimName`, `resourceClaimTemplateName`");
      }
      for (String field : List.of("resourceClaimName", "resourceClaimTemplateName")) {
        if (claim.has(field)) {
          claim.child(field).invalid(Formats.dnsSubdomain(claim.text(field)));
        }
      }
    }
  }

  /** {@code validatePodHostNetworkDeps}; a template may leave the host port out. */
  private static void hostNetwork(PodFacts facts) {
    if (!facts.spec().flag("hostNetwork")) {
      return;
    }
    for (Field container : facts.spec().items("containers")) {
      for (Field port : container.items("ports")) {
        long hostPort = ContainerRules.hostPort(port, facts);
        if ((hostPort != 0 || !facts.template()) && hostPort != port.number("containerPort")) {
          port.child("hostPort").invalid("must match `containerPort` when `hostNetwork` is true");
        }
      }
    }
  }

  private static void names(PodFacts facts) {
    Field spec = facts.spec();
    for (String field : List.of("nodeName", "priorityClassName")) {
      if (!spec.text(field).isEmpty()) {
        spec.child(field).invalid(Formats.dnsSubdomain(spec.text(field)));
      }
    }
    // serviceAccount is the field's old name.
    String account = spec.text("serviceAccountName", spec.text("serviceAccount"));
    if (!account.isEmpty()) {
      spec.child("serviceAccountName").invalid(account, Formats.dnsSubdomain(account));
    }
    Field runtimeClass = spec.child("runtimeClassName");
    if (runtimeClass.isSet()) {
      runtimeClass.invalid(Formats.dnsSubdomain(runtimeClass.text()));
    }
    for (String field : List.of("hostname", "subdomain")) {
      if (!spec.text(field).isEmpty()) {
        spec.child(field).invalid(Formats.dnsLabel(spec.text(field)));
      }
    }
    if (!facts.template()
        && !spec.text("nodeName").isEmpty()
        && !spec.child("schedulingGates").isEmpty()) {
      spec.child("nodeName").forbidden("cannot be set until all schedulingGates have been cleared");
    }
  }

  private static void hostName(Field spec) {
    Field override = spec.child("hostnameOverride");
    if (!override.isSet()) {
      return;
    }
    if (spec.flag("setHostnameAsFQDN")) {
      override.forbidden("may not be specified when setHostnameAsFQDN is true");
    }
    if (spec.flag("hostNetwork")) {
      override.forbidden("may not be specified when hostNetwork is true");
    }
    if (Formats.bytes(override.text()) > 64) {
      override.tooLong(64);
    }
    override.invalid(Formats.dnsSubdomain(override.text()));
  }

  private static void dns(Field spec) {
    String policy = spec.text("dnsPolicy", "ClusterFirst");
    spec.child("dnsPolicy").requireOneOf(policy, DNS_POLICIES);
    Field config = spec.child("dnsConfig");
    Field nameservers = config.child("nameservers");
    if (policy.equals("None")) {
      if (!config.isSet()) {
        config.required("must provide `dnsConfig` when `dnsPolicy` is None");
        return;
      }
      if (nameservers.isEmpty()) {
        nameservers.required("must provide at least one DNS nameserver when `dnsPolicy` is None");
        return;
      }
    }
    if (nameservers.size() > MAX_NAMESERVERS) {
      nameservers.invalid("must not have more than 3 nameservers");
    }
    nameservers
        .items()
        .forEach(server -> server.invalid(server.text(), Addresses.wrongIn(server.text())));
    Field searches = config.child("searches");
    if (searches.size() > MAX_SEARCH_PATHS) {
      searches.invalid("must not have more than 32 search paths");
    }
    int length = searches.size() - 1;
    for (Field search : searches.items()) {
      length += Formats.bytes(search.text());
      if (!search.text().equals(".")) {
        String name =
            search.text().endsWith(".")
                ? search.text().substring(0, search.text().length() - 1)
                : search.text();
        search.invalid(name, Formats.dnsSubdomainWithUnderscore(name));
      }
    }
    if (length > MAX_SEARCH_LIST) {
      searches.invalid(
          "must not have more than 2048 characters (including spaces) in the search list");
    }
    for (Field option : config.items("options")) {
      if (option.text("name").isEmpty()) {
        option.required("must not be empty");
      }
    }
  }

  private static void aliasesAndGates(PodFacts facts) {
    Field spec = facts.spec();
    for (Field alias : spec.items("hostAliases")) {
      alias.child("ip").invalid(alias.text("ip"), Addresses.wrongIn(alias.text("ip")));
      for (Field name : alias.items("hostnames")) {
        name.invalid(name.text(), Formats.dnsSubdomain(name.text()));
      }
    }
    for (Field gate : spec.items("readinessGates")) {
      MetadataRules.labelName(gate.child("conditionType"));
    }
    Set<String> gates = new HashSet<>();
    for (Field gate : spec.items("schedulingGates")) {
      MetadataRules.labelName(gate.child("name"));
      if (!gates.add(gate.text("name"))) {
        gate.duplicate(gate.text("name"));
      }
    }
  }
}
