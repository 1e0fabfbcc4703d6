package io.otelgraft.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The Pod Security Standards: whether a namespace of a level admits a pod. These are the checks of
 * {@code k8s.io/pod-security-admission/policy} in the version that Kubernetes {@value
 * PodValidity#KUBERNETES} calls {@code latest}, with its messages.
 */
public final class PodSecurity {
  /** What a namespace can enforce. The third level, {@code privileged}, admits everything. */
  public enum Level {
    BASELINE,
    RESTRICTED
  }

  private static final Set<String> DEFAULT_CAPABILITIES =
      Set.of(
          "AUDIT_WRITE",
          "CHOWN",
          "DAC_OVERRIDE",
          "FOWNER",
          "FSETID",
          "KILL",
          "MKNOD",
          "NET_BIND_SERVICE",
          "SETFCAP",
          "SETGID",
          "SETPCAP",
          "SETUID",
          "SYS_CHROOT");
  private static final Set<String> RESTRICTED_CAPABILITIES = Set.of("NET_BIND_SERVICE");
  private static final Set<String> SELINUX_TYPES =
      Set.of("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t");
  private static final Set<String> SAFE_SYSCTLS =
      Set.of(
          "kernel.shm_rmid_forced",
          "net.ipv4.ip_local_port_range",
          "net.ipv4.tcp_syncookies",
          "net.ipv4.ping_group_range",
          "net.ipv4.ip_unprivileged_port_start",
          "net.ipv4.ip_local_reserved_ports",
          "net.ipv4.tcp_keepalive_time",
          "net.ipv4.tcp_fin_timeout",
          "net.ipv4.tcp_keepalive_intvl",
          "net.ipv4.tcp_keepalive_probes",
          "net.ipv4.tcp_rmem",
          "net.ipv4.tcp_wmem");
  private static final Set<String> ALLOWED_VOLUMES =
      Set.of(
          "configMap",
          "csi",
          "downwardAPI",
          "emptyDir",
          "ephemeral",
          "image",
          "persistentVolumeClaim",
          "projected",
          "secret");
  private static final Set<String> ALLOWED_PROFILES = Set.of("RuntimeDefault", "Localhost");
  private static final String APPARMOR_ANNOTATION =
      "container.apparmor.security.beta.kubernetes.io/";

  private final PodFacts pod;
  private final List<String> violations = new ArrayList<>();

  private PodSecurity(PodFacts pod) {
    this.pod = pod;
  }

  /**
   * What keeps a pod out of namespaces that enforce a level.
   *
   * @param pod a pod of valid shape, see {@link PodValidity}
   * @param level what to hold it against
   * @return for each check that fails its reason and detail, as in {@code privileged: container
   *     "app" must not set securityContext.privileged=true}; empty if the pod is admitted
   */
  public static List<String> violations(JsonNode pod, Level level) {
    Field root = Field.root(pod, new ArrayList<>());
    PodSecurity security = new PodSecurity(PodFacts.of(root, false));
    // Kubernetes runs them in the order of their names, those of the level baseline first.
    switch (level) {
      case BASELINE -> security.baseline();
      case RESTRICTED -> security.restricted();
    }
    return List.copyOf(security.violations);
  }

  private void baseline() {
    appArmor();
    capabilities();
    hostNamespaces();
    hostPaths();
    hostPorts();
    probeHosts();
    privileged();
    if (pod.hostUsers()) {
      procMount();
    }
    seLinux();
    seccomp();
    sysctls();
    windowsHostProcess();
  }

  /** All of baseline, in four places by something stricter. */
  private void restricted() {
    appArmor();
    hostNamespaces();
    hostPorts();
    probeHosts();
    privileged();
    seLinux();
    sysctls();
    windowsHostProcess();
    if (!pod.windows()) {
      privilegeEscalation();
      restrictedCapabilities();
    }
    procMount();
    restrictedVolumes();
    if (pod.hostUsers()) {
      runAsNonRoot();
      runAsUser();
    }
    if (!pod.windows()) {
      restrictedSeccomp();
    }
  }

  private void appArmor() {
    Predicate<Field> bad = context -> isBadProfile(context.child("appArmorProfile"));
    List<String> setters = setters(bad);
    List<String> values =
        new ArrayList<>(values(bad, context -> context.child("appArmorProfile").text("type")));
    NavigableSet<String> annotations = new TreeSet<>();
    for (Field annotation : pod.annotations().entries()) {
      String profile = annotation.text();
      if (annotation.key().startsWith(APPARMOR_ANNOTATION)
          && !profile.isEmpty()
          && !profile.equals("runtime/default")
          && !profile.startsWith("localhost/")) {
        annotations.add(annotation.key() + "=" + Field.quote(profile));
      }
    }
    if (!annotations.isEmpty()) {
      values.addAll(annotations);
      setters.add(plural("annotation", annotations));
    }
    if (!setters.isEmpty()) {
      violation(
          plural("forbidden AppArmor profile", values),
          String.join(" and ", setters)
              + " must not set AppArmor profile type to "
              + quoted(values));
    }
  }

  private void capabilities() {
    List<String> adding =
        containers(container -> !added(container, DEFAULT_CAPABILITIES).isEmpty());
    if (!adding.isEmpty()) {
      violation("non-default capabilities", mustNotAdd(adding, DEFAULT_CAPABILITIES));
    }
  }

  private void restrictedCapabilities() {
    List<String> details = new ArrayList<>();
    List<String> keeping =
        containers(container -> !texts(capabilities(container), "drop").contains("ALL"));
    if (!keeping.isEmpty()) {
      details.add(named(keeping) + " must set securityContext.capabilities.drop=[\"ALL\"]");
    }
    List<String> adding =
        containers(container -> !added(container, RESTRICTED_CAPABILITIES).isEmpty());
    if (!adding.isEmpty()) {
      details.add(mustNotAdd(adding, RESTRICTED_CAPABILITIES));
    }
    if (!details.isEmpty()) {
      violation("unrestricted capabilities", String.join("; ", details));
    }
  }

  private void hostNamespaces() {
    List<String> shared = new ArrayList<>(List.of("hostNetwork", "hostPID", "hostIPC"));
    shared.removeIf(namespace -> !pod.spec().flag(namespace));
    if (!shared.isEmpty()) {
      violation("host namespaces", String.join("=true, ", shared) + "=true");
    }
  }

  private void hostPaths() {
    List<String> volumes =
        pod.spec().items("volumes").stream()
            .filter(volume -> volume.has("hostPath"))
            .map(volume -> volume.text("name"))
            .toList();
    if (!volumes.isEmpty()) {
      violation("hostPath volumes", plural("volume", volumes) + " " + quoted(volumes));
    }
  }

  private void hostPorts() {
    List<String> using = containers(container -> !hostPorts(container).isEmpty());
    if (!using.isEmpty()) {
      NavigableSet<String> ports = new TreeSet<>();
      pod.containers().forEach(container -> ports.addAll(hostPorts(container)));
      violation(
          "hostPort",
          named(using) + uses(using) + plural("hostPort", ports) + " " + String.join(", ", ports));
    }
  }

  private List<String> hostPorts(Field container) {
    return container.items("ports").stream()
        .map(port -> ContainerRules.hostPort(port, pod))
        .filter(port -> port != 0)
        .map(port -> Long.toString(port))
        .toList();
  }

  private void probeHosts() {
    NavigableSet<String> using =
        new TreeSet<>(containers(container -> !probeHosts(container).isEmpty()));
    if (!using.isEmpty()) {
      NavigableSet<String> hosts = new TreeSet<>();
      pod.containers().forEach(container -> hosts.addAll(probeHosts(container)));
      violation(
          "probe or lifecycle host",
          named(using)
              + uses(using)
              + plural("probe or lifecycle host", hosts)
              + " "
              + quoted(hosts));
    }
  }

  private static List<String> probeHosts(Field container) {
    List<String> hosts = new ArrayList<>();
    Field lifecycle = container.child("lifecycle");
    for (Field handler :
        List.of(
            container.child("livenessProbe"),
            container.child("readinessProbe"),
            container.child("startupProbe"),
            lifecycle.child("postStart"),
            lifecycle.child("preStop"))) {
      hosts.add(handler.child("httpGet").text("host"));
      hosts.add(handler.child("tcpSocket").text("host"));
    }
    hosts.removeIf(String::isEmpty);
    return hosts;
  }

  private void privileged() {
    List<String> privileged = containers(container -> context(container).flag("privileged"));
    if (!privileged.isEmpty()) {
      violation("privileged", named(privileged) + " must not set securityContext.privileged=true");
    }
  }

  private void privilegeEscalation() {
    List<String> escalating =
        containers(container -> !context(container).denied("allowPrivilegeEscalation"));
    if (!escalating.isEmpty()) {
      violation(
          "allowPrivilegeEscalation != false",
          named(escalating) + " must set securityContext.allowPrivilegeEscalation=false");
    }
  }

  private void procMount() {
    Predicate<Field> bad =
        container ->
            context(container).has("procMount")
                && !context(container).text("procMount").equals("Default");
    List<String> setting = containers(bad);
    if (!setting.isEmpty()) {
      NavigableSet<String> types = new TreeSet<>();
      pod.containers().stream()
          .filter(bad)
          .forEach(container -> types.add(context(container).text("procMount")));
      violation(
          "procMount",
          named(setting) + " must not set securityContext.procMount to " + quoted(types));
    }
  }

  private void restrictedVolumes() {
    List<String> volumes = new ArrayList<>();
    NavigableSet<String> types = new TreeSet<>();
    for (Field volume : pod.spec().items("volumes")) {
      if (ALLOWED_VOLUMES.stream().noneMatch(volume::has) && !VolumeRules.isEmptyDir(volume)) {
        volumes.add(volume.text("name"));
        types.add(VolumeRules.sources(volume).getFirst());
      }
    }
    if (!volumes.isEmpty()) {
      violation(
          "restricted volume types",
          plural("volume", volumes)
              + " "
              + quoted(volumes)
              + uses(volumes)
              + plural("restricted volume type", types)
              + " "
              + quoted(types));
    }
  }

  private void runAsNonRoot() {
    List<String> denying = setters(context -> context.denied("runAsNonRoot"));
    if (!denying.isEmpty()) {
      violation(
          "runAsNonRoot != true",
          String.join(" and ", denying) + " must not set securityContext.runAsNonRoot=false");
      return;
    }
    List<String> silent = containers(container -> !context(container).has("runAsNonRoot"));
    if (!silent.isEmpty() && !context(pod.spec()).flag("runAsNonRoot")) {
      violation(
          "runAsNonRoot != true",
          "pod or " + named(silent) + " must set securityContext.runAsNonRoot=true");
    }
  }

  private void runAsUser() {
    List<String> root =
        setters(context -> context.has("runAsUser") && context.number("runAsUser") == 0);
    if (!root.isEmpty()) {
      violation("runAsUser=0", String.join(" and ", root) + " must not set runAsUser=0");
    }
  }

  private void seLinux() {
    List<String> setters =
        setters(context -> {
          Field options = context.child("seLinuxOptions");
          return isBadType(options)
              || !options.text("user").isEmpty()
              || !options.text("role").isEmpty();
        });
    if (setters.isEmpty()) {
      return;
    }
    List<String> wrong = new ArrayList<>();
    NavigableSet<String> types =
        values(
            context -> isBadType(context.child("seLinuxOptions")),
            context -> context.child("seLinuxOptions").text("type"));
    if (!types.isEmpty()) {
      wrong.add(plural("type", types) + " " + quoted(types));
    }
    for (String field : List.of("user", "role")) {
      if (contexts().stream()
          .anyMatch(context -> !context.child("seLinuxOptions").text(field).isEmpty())) {
        wrong.add(field + " may not be set");
      }
    }
    violation(
        "seLinuxOptions",
        String.join(" and ", setters)
            + " set forbidden securityContext.seLinuxOptions: "
            + String.join("; ", wrong));
  }

  private static boolean isBadType(Field options) {
    return !SELINUX_TYPES.contains(options.text("type"));
  }

  /** Whether something is wrong with the profiles that are set. */
  private boolean seccomp() {
    Predicate<Field> bad = context -> isBadProfile(context.child("seccompProfile"));
    List<String> setters = setters(bad);
    if (!setters.isEmpty()) {
      violation(
          "seccompProfile",
          String.join(" and ", setters)
              + " must not set securityContext.seccompProfile.type to "
              + quoted(values(bad, context -> context.child("seccompProfile").text("type"))));
    }
    return !setters.isEmpty();
  }

  private void restrictedSeccomp() {
    if (seccomp() || context(pod.spec()).has("seccompProfile")) {
      return;
    }
    List<String> silent = containers(container -> !context(container).has("seccompProfile"));
    if (!silent.isEmpty()) {
      violation(
          "seccompProfile",
          "pod or "
              + named(silent)
              + " must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\"");
    }
  }

  private static boolean isBadProfile(Field profile) {
    return profile.isSet() && !ALLOWED_PROFILES.contains(profile.text("type"));
  }

  private void sysctls() {
    List<String> unsafe =
        context(pod.spec()).items("sysctls").stream()
            .map(sysctl -> sysctl.text("name"))
            .filter(name -> !SAFE_SYSCTLS.contains(name))
            .toList();
    if (!unsafe.isEmpty()) {
      violation("forbidden sysctls", String.join(", ", unsafe));
    }
  }

  private void windowsHostProcess() {
    List<String> setters = setters(context -> context.child("windowsOptions").flag("hostProcess"));
    if (!setters.isEmpty()) {
      violation(
          "hostProcess",
          String.join(" and ", setters)
              + " must not set securityContext.windowsOptions.hostProcess=true");
    }
  }

  // --- what the checks look at

  private static Field context(Field podOrContainer) {
    return podOrContainer.child("securityContext");
  }

  /** The pod's security context, then those of its containers. */
  private List<Field> contexts() {
    List<Field> contexts = new ArrayList<>(List.of(context(pod.spec())));
    pod.containers().forEach(container -> contexts.add(context(container)));
    return contexts;
  }

  /** The names of the containers of a kind. */
  private List<String> containers(Predicate<Field> kind) {
    return pod.containers().stream().filter(kind).map(container -> container.text("name")).toList();
  }

  /** Whose security contexts are of a kind: {@code pod}, {@code containers "a", "b"}. */
  private List<String> setters(Predicate<Field> kind) {
    List<String> setters = new ArrayList<>();
    if (kind.test(context(pod.spec()))) {
      setters.add("pod");
    }
    List<String> names = containers(container -> kind.test(context(container)));
    if (!names.isEmpty()) {
      setters.add(named(names));
    }
    return setters;
  }

  private NavigableSet<String> values(Predicate<Field> kind, Function<Field, String> value) {
    NavigableSet<String> values = new TreeSet<>();
    contexts().stream().filter(kind).map(value).forEach(values::add);
    return values;
  }

  private static Field capabilities(Field container) {
    return context(container).child("capabilities");
  }

  private static List<String> added(Field container, Set<String> allowed) {
    return texts(capabilities(container), "add").stream()
        .filter(name -> !allowed.contains(name))
        .toList();
  }

  private static List<String> texts(Field parent, String list) {
    return parent.items(list).stream().map(Field::text).toList();
  }

  // --- wording

  private void violation(String reason, String detail) {
    violations.add(reason + ": " + detail);
  }

  private String mustNotAdd(List<String> containers, Set<String> allowed) {
    NavigableSet<String> names = new TreeSet<>();
    pod.containers().forEach(container -> names.addAll(added(container, allowed)));
    return named(containers)
        + " must not include "
        + quoted(names)
        + " in securityContext.capabilities.add";
  }

  private static String named(Collection<String> containers) {
    return plural("container", containers) + " " + quoted(containers);
  }

  private static String uses(Collection<String> subjects) {
    return subjects.size() == 1 ? " uses " : " use ";
  }

  private static String plural(String singular, Collection<String> counted) {
    return counted.size() == 1 ? singular : singular + "s";
  }

  private static String quoted(Collection<String> texts) {
    return '"' + String.join("\", \"", texts) + '"';
  }
}
