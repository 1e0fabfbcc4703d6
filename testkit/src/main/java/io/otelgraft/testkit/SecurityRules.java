package io.otelgraft.testkit;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code pkg/apis/core/validation}: security contexts, operating systems, seccomp and AppArmor. */
final class SecurityRules {
  private static final String SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod";
  private static final String SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/";
  private static final String APPARMOR_CONTAINER =
      "container.apparmor.security.beta.kubernetes.io/";
  private static final String LOCALHOST = "localhost/";

  private static final List<String> PROFILE_TYPES =
      List.of("Localhost", "RuntimeDefault", "Unconfined");
  private static final List<String> PROC_MOUNTS = List.of("Default", "Unmasked");
  private static final List<String> FS_GROUP_CHANGE = List.of("Always", "OnRootMismatch");
  private static final List<String> GROUPS_POLICIES = List.of("Merge", "Strict");
  private static final List<String> OPERATING_SYSTEMS = List.of("linux", "windows");
  private static final int MAX_PROFILE_PATH = 4095;

  private static final Set<String> IPC_SYSCTLS =
      Set.of(
          "kernel.sem",
          "kernel.shmall",
          "kernel.shmmax",
          "kernel.shmmni",
          "kernel.shm_rmid_forced",
          "kernel.shm",
          "kernel.msgmax",
          "kernel.msgmnb",
          "kernel.msgmni",
          "kernel.msg");

  private static final List<String> NOT_ON_WINDOWS_PODS =
      List.of(
          "appArmorProfile",
          "seLinuxOptions",
          "seccompProfile",
          "fsGroup",
          "fsGroupChangePolicy",
          "runAsUser",
          "runAsGroup",
          "supplementalGroups",
          "supplementalGroupsPolicy",
          "seLinuxChangePolicy");
  private static final List<String> NOT_ON_WINDOWS_CONTAINERS =
      List.of(
          "appArmorProfile",
          "seLinuxOptions",
          "seccompProfile",
          "capabilities",
          "readOnlyRootFilesystem",
          "privileged",
          "allowPrivilegeEscalation",
          "procMount",
          "runAsUser",
          "runAsGroup");

  private static final Pattern NETBIOS = Pattern.compile("[^\\\\/:*?\"<>|.][^\\\\/:*?\"<>|]{0,14}");
  private static final Pattern DNS_DOMAIN =
      Pattern.compile(
          "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*");
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
  private static final Pattern NOT_IN_USER_NAMES = Pattern.compile("[\"/\\\\:;|=,+*?<>@\\[\\]]");
  private static final Pattern DOTS_AND_SPACES = Pattern.compile("[. ]+");
  private static final int MAX_GMSA_SPEC = 64 * 1024;
  private static final int MAX_WINDOWS_DOMAIN = 256;
  private static final int MAX_WINDOWS_USER = 104;

  private SecurityRules() {}

  /** {@code ValidateSecurityContext}, in a cluster that allows privileged containers. */
  static void container(Field context, PodFacts facts) {
    if (!context.isSet()) {
      return;
    }
    ids(context);
    Field procMount = context.child("procMount");
    if (procMount.isSet()) {
      procMount.requireOneOf(PROC_MOUNTS);
      if (facts.hostUsers() && procMount.text().equals("Unmasked")) {
        procMount.invalid("`hostUsers` must be false to use `Unmasked`");
      }
    }
    if (context.denied("allowPrivilegeEscalation")) {
      if (context.flag("privileged")) {
        context.invalid("cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
      }
      for (Field capability : context.child("capabilities").items("add")) {
        if (capability.text().equals("CAP_SYS_ADMIN")) {
          context.invalid(
              "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN");
        }
      }
    }
    profiles(context);
  }

  /** {@code validatePodSpecSecurityContext} and what depends on the operating system. */
  static void pod(PodFacts facts) {
    Field spec = facts.spec();
    Field context = spec.child("securityContext");
    ids(context);
    Field fsGroup = context.child("fsGroup");
    fsGroup.invalid(Formats.id(fsGroup.number()));
    context.items("supplementalGroups").forEach(group -> group.invalid(Formats.id(group.number())));
    if (spec.flag("shareProcessNamespace") && spec.flag("hostPID")) {
      spec.child("shareProcessNamespace")
          .invalid("ShareProcessNamespace and HostPID cannot both be enabled");
    }
    sysctls(context.child("sysctls"), spec);
    oneOf(context.child("fsGroupChangePolicy"), FS_GROUP_CHANGE);
    oneOf(context.child("supplementalGroupsPolicy"), GROUPS_POLICIES);
    // MountOption is for the feature gate SELinuxMount.
    oneOf(context.child("seLinuxChangePolicy"), List.of("Recursive"));
    profiles(context);
    hostUsers(facts);
    windowsHostProcess(facts);
    operatingSystem(facts);
  }

  /** {@code ValidatePodSpecificAnnotations} and the checks that annotations and fields agree. */
  static void annotations(PodFacts facts) {
    Set<String> names = new HashSet<>();
    facts.containers().forEach(container -> names.add(container.text("name")));
    for (Field annotation : facts.annotations().entries()) {
      String profile = annotation.text();
      if (annotation.key().equals(SECCOMP_POD) || annotation.key().startsWith(SECCOMP_CONTAINER)) {
        seccompAnnotation(annotation);
      } else if (annotation.key().startsWith(APPARMOR_CONTAINER)) {
        String container = annotation.key().substring(APPARMOR_CONTAINER.length());
        if (!names.contains(container)) {
          annotation.invalid(container, "container not found");
        }
        if (!profile.isEmpty()
            && !profile.equals("runtime/default")
            && !profile.equals("unconfined")
            && !profile.startsWith(LOCALHOST)) {
          annotation.invalid(profile, "invalid AppArmor profile name: " + Field.quote(profile));
        }
      }
    }
    Field podProfile = facts.spec().child("securityContext").child("seccompProfile");
    agree("seccomp", SECCOMP_POD, podProfile, facts);
    for (Field container : facts.containers()) {
      Field context = container.child("securityContext");
      agree(
          "seccomp",
          SECCOMP_CONTAINER + container.text("name"),
          context.child("seccompProfile"),
          facts);
      Field appArmor = context.child("appArmorProfile");
      if (facts.windows()) {
        continue;
      }
      String annotation = APPARMOR_CONTAINER + container.text("name");
      if (appArmor.isSet()) {
        agree("apparmor", annotation, appArmor, facts);
      } else if (facts.template() || !isAppArmorProfile(facts.annotations().text(annotation))) {
        // On creation of a pod, an annotation that can be understood becomes the container's field.
        agree(
            "apparmor",
            annotation,
            facts.spec().child("securityContext").child("appArmorProfile"),
            facts);
      }
    }
  }

  private static void ids(Field context) {
    for (String field : List.of("runAsUser", "runAsGroup")) {
      Field id = context.child(field);
      id.invalid(Formats.id(id.number()));
    }
  }

  private static void oneOf(Field field, List<String> supported) {
    if (field.isSet()) {
      field.requireOneOf(supported);
    }
  }

  private static void profiles(Field context) {
    seccomp(context.child("seccompProfile"));
    appArmor(context.child("appArmorProfile"));
    windowsOptions(context.child("windowsOptions"));
  }

  private static void seccomp(Field profile) {
    if (!profile.isSet()) {
      return;
    }
    Field type = profile.child("type");
    Field path = profile.child("localhostProfile");
    if (type.text().isEmpty()) {
      type.required("type is required when seccompProfile is set");
    } else {
      type.requireOneOf(PROFILE_TYPES);
    }
    if (!type.text().equals("Localhost")) {
      if (path.isSet()) {
        path.invalid("can only be set when seccomp type is Localhost");
      }
    } else if (path.isSet()) {
      path.invalid(Formats.descendingPath(path.text()));
    } else {
      path.required("must be set when seccomp type is Localhost");
    }
  }

  private static void appArmor(Field profile) {
    if (!profile.isSet()) {
      return;
    }
    Field path = profile.child("localhostProfile");
    switch (profile.text("type")) {
      case "Localhost" -> {
        String text = path.text();
        if (!text.strip().equals(text)) {
          path.invalid("must not be padded with whitespace");
        } else if (text.isEmpty()) {
          path.required("must be set when AppArmor type is Localhost");
        }
        if (Formats.bytes(text) > MAX_PROFILE_PATH) {
          path.tooLong(MAX_PROFILE_PATH);
        }
      }
      case "RuntimeDefault", "Unconfined" -> {
        if (path.isSet()) {
          path.invalid("can only be set when AppArmor type is Localhost");
        }
      }
      case "" -> profile.child("type").required("type is required when appArmorProfile is set");
      default -> profile.child("type").requireOneOf(PROFILE_TYPES);
    }
  }

  private static void seccompAnnotation(Field annotation) {
    String profile = annotation.text();
    if (profile.equals("runtime/default")
        || profile.equals("docker/default")
        || profile.equals("unconfined")) {
      return;
    }
    if (profile.startsWith(LOCALHOST)) {
      String path = profile.substring(LOCALHOST.length());
      annotation.invalid(path, Formats.descendingPath(path));
    } else {
      annotation.invalid(profile, "must be a valid seccomp profile");
    }
  }

  private static boolean isAppArmorProfile(String annotation) {
    return annotation.equals("unconfined")
        || annotation.equals("runtime/default")
        // The field made of it must be valid, or it is not made.
        || (annotation.startsWith(LOCALHOST)
            && isProfilePath(annotation.substring(LOCALHOST.length())));
  }

  private static boolean isProfilePath(String path) {
    return !path.isEmpty() && path.strip().equals(path) && Formats.bytes(path) <= MAX_PROFILE_PATH;
  }

  /** {@code validateSeccompAnnotationsAndFieldsMatch} and its like for AppArmor. */
  private static void agree(String kind, String key, Field profile, PodFacts facts) {
    if (!profile.isSet() || !facts.annotations().value().has(key)) {
      return;
    }
    String annotation = facts.annotations().text(key);
    Field type = profile.child("type");
    boolean agrees =
        switch (type.text()) {
          case "Unconfined" -> annotation.equals("unconfined");
          case "RuntimeDefault" ->
              annotation.equals("runtime/default")
                  || (kind.equals("seccomp") && annotation.equals("docker/default"));
          case "Localhost" -> annotation.startsWith(LOCALHOST);
          default -> true;
        };
    if (!agrees) {
      type.forbidden(kind + " type in annotation and field must match");
    } else if (type.text().equals("Localhost")
        && !(profile.has("localhostProfile")
            && annotation.equals(LOCALHOST + profile.text("localhostProfile")))) {
      profile
          .child("localhostProfile")
          .forbidden(kind + " profile in annotation and field must match");
    }
  }

  private static void sysctls(Field sysctls, Field spec) {
    Set<String> names = new HashSet<>();
    for (Field sysctl : sysctls.items()) {
      Field name = sysctl.child("name");
      if (name.text().isEmpty()) {
        name.required("");
      } else if (!Formats.isSysctl(name.text())) {
        name.invalid(
            "must have at most 253 characters and match regex"
                + " ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$");
      } else if (names.contains(name.text())) {
        name.duplicate(name.text());
      }
      names.add(name.text());
      String dotted = dotted(name.text());
      if (spec.flag("hostNetwork") && dotted.startsWith("net.")) {
        name.invalid("may not be specified when 'hostNetwork' is true");
      } else if (spec.flag("hostIPC")
          && (IPC_SYSCTLS.contains(dotted) || dotted.startsWith("fs.mqueue."))) {
        name.invalid("may not be specified when 'hostIPC' is true");
      }
    }
  }

  /**
   * {@code NormalizeName}: a name whose first separator is a slash has dots and slashes swapped.
   */
  private static String dotted(String name) {
    int slash = name.indexOf('/');
    int dot = name.indexOf('.');
    return slash < 0 || (dot >= 0 && dot < slash)
        ? name
        : name.replace('.', '\0').replace('/', '.').replace('\0', '/');
  }

  private static void hostUsers(PodFacts facts) {
    if (!facts.hostUsers()) {
      for (String namespace : List.of("hostNetwork", "hostPID", "hostIPC")) {
        if (facts.spec().flag(namespace)) {
          facts.spec().child(namespace).forbidden("when `hostUsers` is false");
        }
      }
    }
  }

  private static void operatingSystem(PodFacts facts) {
    Field spec = facts.spec();
    Field os = spec.child("os");
    if (!os.isSet()) {
      return;
    }
    if (facts.os().isEmpty()) {
      os.child("name").required("");
    } else if (!OPERATING_SYSTEMS.contains(facts.os())) {
      os.child("name").requireOneOf(OPERATING_SYSTEMS);
    } else if (facts.windows()) {
      String detail = "cannot be set for a windows pod";
      NOT_ON_WINDOWS_PODS.forEach(
          field -> spec.child("securityContext").forbidIfSet(field, detail));
      if (!spec.child("securityContext").child("sysctls").isEmpty()) {
        spec.child("securityContext").child("sysctls").forbidden(detail);
      }
      for (String field : List.of("hostUsers", "shareProcessNamespace")) {
        spec.forbidIfSet(field, detail);
      }
      for (String field : List.of("hostPID", "hostIPC")) {
        if (spec.flag(field)) {
          spec.child(field).forbidden(detail);
        }
      }
      for (Field container : facts.containers()) {
        Field context = container.child("securityContext");
        NOT_ON_WINDOWS_CONTAINERS.forEach(field -> context.forbidIfSet(field, detail));
      }
    } else {
      String detail = "windows options cannot be set for a linux pod";
      spec.child("securityContext").forbidIfSet("windowsOptions", detail);
      for (Field container : facts.containers()) {
        container.child("securityContext").forbidIfSet("windowsOptions", detail);
      }
    }
  }

  private static void windowsHostProcess(PodFacts facts) {
    Field spec = facts.spec();
    Field pod = spec.child("securityContext").child("windowsOptions").child("hostProcess");
    int hostProcesses = 0;
    for (Field container : facts.containers()) {
      Field own = container.child("securityContext").child("windowsOptions").child("hostProcess");
      if (pod.isSet() && own.isSet() && pod.value().booleanValue() != own.value().booleanValue()) {
        own.invalid(
            "pod hostProcess value must be identical if both are specified, was "
                + pod.value().booleanValue());
      }
      if ((own.isSet() ? own : pod).value().booleanValue()) {
        hostProcesses++;
      }
    }
    if (hostProcesses == 0) {
      return;
    }
    if (hostProcesses != facts.containers().size()) {
      spec.invalid(
          "",
          "If pod contains any hostProcess containers then all containers must be HostProcess containers");
    }
    if (!spec.flag("hostNetwork")) {
      spec.child("hostNetwork")
          .invalid("hostNetwork must be true if pod contains any hostProcess containers");
    }
  }

  private static void windowsOptions(Field options) {
    Field specName = options.child("gmsaCredentialSpecName");
    if (specName.isSet()) {
      specName.invalid(Formats.dnsSubdomain(specName.text()));
    }
    Field credentials = options.child("gmsaCredentialSpec");
    if (credentials.isSet()) {
      if (credentials.text().isEmpty()) {
        credentials.invalid("gmsaCredentialSpec cannot be an empty string");
      } else if (Formats.bytes(credentials.text()) > MAX_GMSA_SPEC) {
        credentials.invalid("", "gmsaCredentialSpec size must be under 64 KiB");
      }
    }
    Field userName = options.child("runAsUserName");
    if (!userName.isSet()) {
      return;
    }
    String text = userName.text();
    String[] parts = text.split("\\\\", -1);
    if (text.isEmpty()) {
      userName.invalid("runAsUserName cannot be an empty string");
    } else if (CONTROL.matcher(text).find()) {
      userName.invalid("runAsUserName cannot contain control characters");
    } else if (parts.length > 2) {
      userName.invalid("runAsUserName cannot contain more than one backslash");
    } else {
      if (parts.length == 2) {
        windowsDomain(userName, parts[0]);
      }
      windowsUser(userName, parts[parts.length - 1]);
    }
  }

  private static void windowsDomain(Field userName, String domain) {
    if (Formats.bytes(domain) >= MAX_WINDOWS_DOMAIN) {
      userName.invalid("runAsUserName's Domain length must be under 256 characters");
    }
    if (!NETBIOS.matcher(domain).matches() && !DNS_DOMAIN.matcher(domain).matches()) {
      userName.invalid("runAsUserName's Domain doesn't match the NetBios nor the DNS format");
    }
  }

  private static void windowsUser(Field userName, String user) {
    if (user.isEmpty()) {
      userName.invalid("runAsUserName's User cannot be empty");
    } else if (Formats.bytes(user) > MAX_WINDOWS_USER) {
      userName.invalid("runAsUserName's User length must not be longer than 104 characters");
    }
    if (DOTS_AND_SPACES.matcher(user).matches()) {
      userName.invalid("runAsUserName's User cannot contain only periods or spaces");
    }
    if (NOT_IN_USER_NAMES.matcher(user).find()) {
      userName.invalid(
          "runAsUserName's User cannot contain the following characters: \"/\\:;|=,+*?<>@[]");
    }
  }
}
