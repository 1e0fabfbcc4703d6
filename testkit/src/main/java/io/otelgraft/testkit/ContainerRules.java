package io.otelgraft.testkit;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code pkg/apis/core/validation}: {@code validateContainers}, {@code validateInitContainers} and
 * what they call.
 */
final class ContainerRules {
  private static final List<String> PULL_POLICIES = List.of("Always", "IfNotPresent", "Never");
  private static final List<String> MESSAGE_POLICIES = List.of("File", "FallbackToLogsOnError");
  private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");
  private static final List<String> RESTART_POLICIES = List.of("Always", "Never", "OnFailure");
  private static final List<String> RESTART_ACTIONS = List.of("Restart", "RestartAllContainers");
  private static final List<String> EXIT_CODE_OPERATORS = List.of("In", "NotIn");
  private static final List<String> RESIZABLE = List.of("cpu", "memory");
  private static final List<String> RESIZE_POLICIES = List.of("NotRequired", "RestartContainer");
  private static final int MAX_RESTART_RULES = 20;
  private static final int MAX_EXIT_CODES = 255;

  private ContainerRules() {}

  static void check(PodFacts facts) {
    Field containers = facts.spec().child("containers");
    Set<String> names = new HashSet<>();
    if (containers.isEmpty()) {
      containers.required("");
    } else {
      Set<String> hostPorts = new HashSet<>();
      for (Field container : containers.items()) {
        common(container, facts);
        unique(container, names);
        ProbeRules.allowed(container, facts);
        restartPolicy(container);
        hostPorts(container, hostPorts, facts);
      }
    }

    for (Field container : facts.spec().items("initContainers")) {
      boolean sidecar = container.text("restartPolicy").equals("Always");
      common(container, facts);
      unique(container, names);
      restartPolicy(container);
      // Init containers run one by one, so each has its ports to itself.
      hostPorts(container, new HashSet<>(), facts);
      if (sidecar) {
        ProbeRules.allowed(container, facts);
      } else {
        ProbeRules.forbidden(container);
        for (Field policy : container.items("resizePolicy")) {
          if (policy.text("restartPolicy").equals("RestartContainer")) {
            policy
                .child("restartPolicy")
                .invalid("must not be set to 'RestartContainer' for non-sidecar initContainers");
          }
        }
      }
    }
    if (!facts.spec().child("ephemeralContainers").isEmpty()) {
      facts
          .spec()
          .child("ephemeralContainers")
          .forbidden(
              facts.template()
                  ? "ephemeral containers not allowed in pod template"
                  : "cannot be set on create");
    }
  }

  private static void unique(Field container, Set<String> names) {
    String name = container.text("name");
    if (!names.add(name)) {
      container.child("name").duplicate(name);
    }
  }

  /** {@code validateContainerCommon}. */
  private static void common(Field container, PodFacts facts) {
    Field name = container.child("name");
    if (name.text().isEmpty()) {
      name.required("");
    } else {
      name.invalid(Formats.dnsLabel(name.text()));
    }
    String image = container.text("image");
    if (image.isEmpty()) {
      container.child("image").required("");
    } else if (!facts.template() && !image.strip().equals(image)) {
      container.child("image").invalid("must not have leading or trailing whitespace");
    }
    container
        .child("terminationMessagePolicy")
        .requireOneOf(container.text("terminationMessagePolicy", "File"), MESSAGE_POLICIES);
    pullPolicy(container.child("imagePullPolicy"));
    ports(container.child("ports"), facts);
    EnvironmentRules.container(container, facts);
    MountRules.container(container, facts);
    ResourceRules.container(container, facts);
    resizePolicy(container, facts);
    SecurityRules.container(container.child("securityContext"), facts);
  }

  /** {@code validatePullPolicy}; what is absent has been defaulted. */
  static void pullPolicy(Field policy) {
    policy.requireOneOf(policy.text().isEmpty() ? "Always" : policy.text(), PULL_POLICIES);
  }

  private static void ports(Field ports, PodFacts facts) {
    Set<String> names = new HashSet<>();
    for (Field port : ports.items()) {
      Field name = port.child("name");
      if (!name.text().isEmpty()) {
        List<String> wrong = Formats.portName(name.text());
        name.invalid(wrong);
        if (wrong.isEmpty() && !names.add(name.text())) {
          name.duplicate(name.text());
        }
      }
      Field number = port.child("containerPort");
      if (number.number() == 0) {
        number.required("");
      } else {
        number.invalid(Formats.portNumber(number.number()));
      }
      long hostPort = hostPort(port, facts);
      if (hostPort != 0) {
        port.child("hostPort").invalid(Formats.portNumber(hostPort));
      }
      port.child("protocol").requireOneOf(port.text("protocol", "TCP"), PROTOCOLS);
    }
  }

  /** A pod on the node's network gets its container ports as host ports. */
  static long hostPort(Field port, PodFacts facts) {
    long hostPort = port.number("hostPort");
    return hostPort == 0 && facts.spec().flag("hostNetwork") && !facts.template()
        ? port.number("containerPort")
        : hostPort;
  }

  /** {@code AccumulateUniqueHostPorts}. */
  private static void hostPorts(Field container, Set<String> taken, PodFacts facts) {
    for (Field port : container.items("ports")) {
      long hostPort = hostPort(port, facts);
      String address = port.text("protocol", "TCP") + "/" + port.text("hostIP") + "/" + hostPort;
      if (hostPort != 0 && !taken.add(address)) {
        port.child("hostPort").duplicate(address);
      }
    }
  }

  /** {@code validateContainerRestartPolicy}. */
  private static void restartPolicy(Field container) {
    Field policy = container.child("restartPolicy");
    Field rules = container.child("restartPolicyRules");
    if (!policy.isSet()) {
      if (!rules.isEmpty()) {
        policy.required("must specify restartPolicy when restart rules are used");
      }
    } else {
      policy.requireOneOf(RESTART_POLICIES);
    }
    if (rules.size() > MAX_RESTART_RULES) {
      rules.tooMany(MAX_RESTART_RULES);
    }
    for (Field rule : rules.items()) {
      rule.child("action").requireOneOf(RESTART_ACTIONS);
      Field exitCodes = rule.child("exitCodes");
      if (exitCodes.isSet()) {
        exitCodes.child("operator").requireOneOf(EXIT_CODE_OPERATORS);
        if (exitCodes.child("values").size() > MAX_EXIT_CODES) {
          exitCodes.child("values").tooMany(MAX_EXIT_CODES);
        }
      } else {
        exitCodes.required("must be specified");
      }
    }
  }

  private static void resizePolicy(Field container, PodFacts facts) {
    Set<String> resources = new HashSet<>();
    for (Field policy : container.items("resizePolicy")) {
      Field resource = policy.child("resourceName");
      if (!resources.add(resource.text())) {
        policy.duplicate(resource.text());
      }
      if (resource.text().isEmpty()) {
        resource.required("");
      } else {
        resource.requireOneOf(RESIZABLE);
      }
      Field restart = policy.child("restartPolicy");
      if (restart.text().isEmpty()) {
        restart.required("");
      } else {
        restart.requireOneOf(RESIZE_POLICIES);
      }
      if (facts.restartPolicy().equals("Never") && !restart.text().equals("NotRequired")) {
        restart.invalid(
            restart.text(), "must be 'NotRequired' when pod `restartPolicy` is 'Never'");
      }
    }
  }
}
