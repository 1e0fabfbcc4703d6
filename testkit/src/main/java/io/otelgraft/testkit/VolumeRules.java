package io.otelgraft.testkit;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code pkg/apis/core/validation}: {@code ValidateVolumes} and the validation of each source. */
final class VolumeRules {
  /**
   * All sources, in the order in which the API server looks for them: the first one found counts.
   */
  private static final List<String> SOURCES =
      List.of(
          "emptyDir",
          "hostPath",
          "gitRepo",
          "gcePersistentDisk",
          "awsElasticBlockStore",
          "secret",
          "nfs",
          "iscsi",
          "glusterfs",
          "flocker",
          "persistentVolumeClaim",
          "rbd",
          "cinder",
          "cephfs",
          "quobyte",
          "downwardAPI",
          "fc",
          "flexVolume",
          "configMap",
          "azureFile",
          "vsphereVolume",
          "photonPersistentDisk",
          "portworxVolume",
          "azureDisk",
          "storageos",
          "projected",
          "scaleIO",
          "csi",
          "ephemeral",
          "image");

  /** The texts and lists that may not be empty, for the sources that have no rule but these. */
  private static final Map<String, List<String>> REQUIRED =
      Map.ofEntries(
          Map.entry("gitRepo", List.of("repository")),
          Map.entry("gcePersistentDisk", List.of("pdName")),
          Map.entry("awsElasticBlockStore", List.of("volumeID")),
          Map.entry("secret", List.of("secretName")),
          Map.entry("configMap", List.of("name")),
          Map.entry("persistentVolumeClaim", List.of("claimName")),
          Map.entry("nfs", List.of("server", "path")),
          Map.entry("glusterfs", List.of("endpoints", "path")),
          Map.entry("rbd", List.of("monitors", "image")),
          Map.entry("cinder", List.of("volumeID")),
          Map.entry("cephfs", List.of("monitors")),
          Map.entry("flexVolume", List.of("driver")),
          Map.entry("azureFile", List.of("secretName", "shareName")),
          Map.entry("azureDisk", List.of("diskName", "diskURI")),
          Map.entry("vsphereVolume", List.of("volumePath")),
          Map.entry("photonPersistentDisk", List.of("pdID")),
          Map.entry("portworxVolume", List.of("volumeID")),
          Map.entry("scaleIO", List.of("gateway", "system", "volumeName")));

  private static final List<String> HOST_PATH_TYPES =
      List.of(
          "",
          "BlockDevice",
          "CharDevice",
          "Directory",
          "DirectoryOrCreate",
          "File",
          "FileOrCreate",
          "Socket");
  private static final List<String> CACHING_MODES = List.of("None", "ReadOnly", "ReadWrite");
  private static final List<String> DISK_KINDS = List.of("Dedicated", "Managed", "Shared");

  private static final Pattern IQN =
      Pattern.compile("iqn\\.\\d{4}-\\d{2}\\.([\\p{Alnum}\\-.]+)(:[^,;*&$|\\s]+)$");
  private static final Pattern EUI = Pattern.compile("^eui.\\p{Alnum}{16}$");
  private static final Pattern NAA = Pattern.compile("^naa.\\p{Alnum}{32}$");

  private static final int MAX_MODE = 0777;
  private static final long MIN_TOKEN_SECONDS = 600;
  private static final long MAX_TOKEN_SECONDS = 1L << 32;

  private VolumeRules() {}

  /** Checks all volumes and enters the good ones into the facts. */
  static void check(PodFacts facts) {
    List<Field> volumes = facts.spec().items("volumes");
    Set<String> created = new HashSet<>();
    if (!facts.name().isEmpty()) {
      for (Field volume : volumes) {
        if (volume.has("ephemeral")) {
          created.add(facts.name() + "-" + volume.text("name"));
        }
      }
    }
    for (Field volume : volumes) {
      int before = volume.problemCount();
      source(volume, facts);
      Field name = volume.child("name");
      if (name.text().isEmpty()) {
        name.required("");
      } else {
        name.invalid(Formats.dnsLabel(name.text()));
      }
      if (facts.volumes().containsKey(name.text())) {
        name.duplicate(name.text());
      }
      if (volume.problemCount() == before) {
        facts.volumes().put(name.text(), volume);
      }
      Field claim = volume.child("persistentVolumeClaim").child("claimName");
      if (created.contains(claim.text())) {
        claim.invalid("must not reference a PVC that gets created for an ephemeral volume");
      }
    }
  }

  /** A volume without any source is an empty directory, too. */
  static boolean isEmptyDir(Field volume) {
    return volume.has("emptyDir") || sources(volume).isEmpty();
  }

  /** The sources of a volume, of which a valid one has at most one. */
  static List<String> sources(Field volume) {
    return SOURCES.stream().filter(volume::has).toList();
  }

  private static void source(Field volume, PodFacts facts) {
    String first = null;
    for (String name : SOURCES) {
      Field source = volume.child(name);
      if (!source.isSet()) {
        continue;
      }
      if (first != null) {
        source.forbidden("may not specify more than 1 volume type");
      } else {
        first = name;
        source(name, source, volume, facts);
      }
      if (name.equals("iscsi") && source.has("initiatorName")) {
        // The two make a path on the node.
        String path = volume.text("name") + ":" + source.text("targetPortal");
        if (Formats.bytes(path) > 64) {
          volume
              .child("name")
              .invalid(
                  volume.text("name"),
                  "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if"
                      + " iscsi.initiatorName is specified.");
        }
      }
    }
  }

  private static void source(String name, Field source, Field volume, PodFacts facts) {
    for (String required : REQUIRED.getOrDefault(name, List.of())) {
      if (source.child(required).isEmpty()) {
        source.child(required).required("");
      }
    }
    switch (name) {
      case "emptyDir" -> {
        if (Quantity.of(source.child("sizeLimit").value()).orElseThrow().signum() < 0) {
          source.child("sizeLimit").forbidden("SizeLimit field must be a valid resource quantity");
        }
      }
      case "hostPath" -> {
        Field path = source.child("path");
        if (path.text().isEmpty()) {
          path.required("");
        } else {
          path.invalid(Formats.pathWithoutBacksteps(path.text()));
          source.child("type").requireOneOf(HOST_PATH_TYPES);
        }
      }
      case "gitRepo" ->
          source.child("directory").invalid(Formats.descendingPath(source.text("directory")));
      case "gcePersistentDisk", "awsElasticBlockStore" -> partition(source.child("partition"));
      case "secret", "configMap" -> {
        mode(source.child("defaultMode"));
        source.items("items").forEach(VolumeRules::keyToPath);
      }
      case "nfs" -> {
        if (!source.text("path").startsWith("/")) {
          source.child("path").invalid(source.text("path"), "must be an absolute path");
        }
      }
      case "iscsi" -> iscsi(source);
      case "flocker" -> flocker(source);
      case "cinder" -> secretReference(source);
      case "quobyte" -> quobyte(source);
      case "downwardAPI" -> {
        mode(source.child("defaultMode"));
        source.items("items").forEach(VolumeRules::downwardFile);
      }
      case "fc" -> fibreChannel(source);
      case "flexVolume" -> flexVolume(source);
      case "azureDisk" -> azureDisk(source);
      case "storageos" -> storageOs(source);
      case "projected" -> {
        mode(source.child("defaultMode"));
        projected(source);
      }
      case "csi" -> csi(source);
      case "ephemeral" -> {
        ClaimTemplateRules.check(source.child("volumeClaimTemplate"));
        if (!facts.name().isEmpty() && !volume.text("name").isEmpty()) {
          String claim = facts.name() + "-" + volume.text("name");
          for (String wrong : Formats.dnsSubdomain(claim)) {
            volume.child("name").invalid("PVC name " + Field.quote(claim) + ": " + wrong);
          }
        }
      }
      case "image" -> {
        if (!facts.template()) {
          source.requireText("reference");
        }
        ContainerRules.pullPolicy(source.child("pullPolicy"));
      }
      default -> {
        // Nothing beyond what is required.
      }
    }
  }

  private static void keyToPath(Field item) {
    item.requireText("key");
    item.requireText("path");
    item.child("path").invalid(Formats.localPath(item.text("path")));
    mode(item.child("mode"));
  }

  private static void downwardFile(Field file) {
    file.requireText("path");
    file.child("path").invalid(Formats.localPath(file.text("path")));
    if (file.has("fieldRef")) {
      EnvironmentRules.volumeFieldReference(file.child("fieldRef"));
      if (file.has("resourceFieldRef")) {
        file.invalid(
            "resource", "fieldRef and resourceFieldRef can not be specified simultaneously");
      }
    } else if (file.has("resourceFieldRef")) {
      EnvironmentRules.resourceReference(file.child("resourceFieldRef"), true);
    } else {
      file.required("one of fieldRef and resourceFieldRef is required");
    }
    mode(file.child("mode"));
  }

  /**
   * {@code validateProjectionSources}, without clusterTrustBundle and podCertificate: the API
   * server drops these unchecked unless their feature gates are switched on.
   */
  private static void projected(Field projected) {
    Set<String> paths = new HashSet<>();
    for (Field source : projected.items("sources")) {
      int count = 0;
      for (String kind : List.of("secret", "configMap")) {
        if (source.has(kind)) {
          count++;
          source.child(kind).requireText("name");
          for (Field item : source.child(kind).items("items")) {
            keyToPath(item);
            unique(item, source.child(kind).text("name"), paths);
          }
        }
      }
      if (source.has("downwardAPI")) {
        count++;
        for (Field item : source.child("downwardAPI").items("items")) {
          downwardFile(item);
          unique(item, item.text("path"), paths);
        }
      }
      Field token = source.child("serviceAccountToken");
      if (token.isSet()) {
        count++;
        Field seconds = token.child("expirationSeconds");
        if (seconds.isSet() && seconds.number() < MIN_TOKEN_SECONDS) {
          seconds.invalid("may not specify a duration less than 10 minutes");
        }
        if (seconds.number() > MAX_TOKEN_SECONDS) {
          seconds.invalid("may not specify a duration larger than 2^32 seconds");
        }
        token.requireText("path");
        token.child("path").invalid(Formats.localPath(token.text("path")));
      }
      if (count > 1) {
        source.forbidden("may not specify more than 1 volume type per source");
      }
    }
  }

  private static void unique(Field item, String shown, Set<String> paths) {
    String path = item.text("path");
    if (!path.isEmpty() && !paths.add(path)) {
      item.child("path").invalid(shown, "conflicting duplicate paths");
    }
  }

  private static void mode(Field mode) {
    if (mode.number() < 0 || mode.number() > MAX_MODE) {
      mode.invalid("must be a number between 0 and 0777 (octal), both inclusive");
    }
  }

  private static void partition(Field partition) {
    // The server's message says 1, its rule allows 0.
    if (partition.number() < 0 || partition.number() > 255) {
      partition.invalid("must be between 1 and 255, inclusive");
    }
  }

  private static void secretReference(Field source) {
    if (source.has("secretRef")) {
      source.child("secretRef").requireText("name");
    }
  }

  private static void iscsi(Field iscsi) {
    iscsi.requireText("targetPortal");
    Field iqn = iscsi.child("iqn");
    if (iqn.text().isEmpty()) {
      iqn.required("");
    } else {
      iscsiName(iqn.text()).ifPresent(iqn::invalid);
    }
    iscsi.child("lun").invalid(Formats.range(iscsi.number("lun"), 0, 255));
    if ((iscsi.flag("chapAuthDiscovery") || iscsi.flag("chapAuthSession"))
        && !iscsi.has("secretRef")) {
      iscsi.child("secretRef").required("");
    }
    Field initiator = iscsi.child("initiatorName");
    if (initiator.isSet()) {
      iscsiName(initiator.text()).ifPresent(wrong -> initiator.invalid(initiator.text(), wrong));
    }
  }

  private static Optional<String> iscsiName(String name) {
    Pattern pattern =
        switch (name.length() < 3 ? "" : name.substring(0, 3)) {
          case "iqn" -> IQN;
          case "eui" -> EUI;
          case "naa" -> NAA;
          default -> null;
        };
    if (pattern == null) {
      return Optional.of("must be valid format starting with iqn, eui, or naa");
    }
    return pattern.matcher(name).find() ? Optional.empty() : Optional.of("must be valid format");
  }

  private static void flocker(Field flocker) {
    boolean name = !flocker.text("datasetName").isEmpty();
    boolean uuid = !flocker.text("datasetUUID").isEmpty();
    if (!name && !uuid) {
      flocker.required("one of datasetName and datasetUUID is required");
    }
    if (name && uuid) {
      flocker.invalid(
          "resource", "datasetName and datasetUUID can not be specified simultaneously");
    }
    if (flocker.text("datasetName").contains("/")) {
      flocker.child("datasetName").invalid("must not contain '/'");
    }
  }

  private static void quobyte(Field quobyte) {
    String hostPorts = "must be a host:port pair or multiple pairs separated by commas";
    Field registry = quobyte.child("registry");
    if (registry.text().isEmpty()) {
      registry.required(hostPorts);
    } else if (Formats.bytes(quobyte.text("tenant")) >= 65) {
      quobyte
          .child("tenant")
          .required("must be a UUID and may not exceed a length of 64 characters");
    } else {
      for (String pair : registry.text().split(",", -1)) {
        if (!Addresses.isHostPort(pair)) {
          registry.invalid(hostPorts);
        }
      }
    }
    quobyte.requireText("volume");
  }

  private static void fibreChannel(Field fc) {
    Field names = fc.child("targetWWNs");
    if (names.isEmpty() && fc.child("wwids").isEmpty()) {
      names.required("must specify either targetWWNs or wwids, but not both");
    }
    if (!names.isEmpty() && !fc.child("wwids").isEmpty()) {
      names.invalid("targetWWNs and wwids can not be specified simultaneously");
    }
    if (!names.isEmpty()) {
      Field lun = fc.child("lun");
      if (lun.isSet()) {
        lun.invalid(Formats.range(lun.number(), 0, 255));
      } else {
        lun.required("lun is required if targetWWNs is specified");
      }
    }
  }

  private static void flexVolume(Field flex) {
    for (Field option : flex.child("options").entries()) {
      String domain = "." + option.key().split("/", 2)[0].toLowerCase(Locale.ROOT);
      if (domain.endsWith(".kubernetes.io") || domain.endsWith(".k8s.io")) {
        option.invalid(option.key(), "kubernetes.io and k8s.io namespaces are reserved");
      }
    }
  }

  private static void azureDisk(Field disk) {
    String kind = disk.has("kind") ? disk.text("kind") : "Shared";
    if (disk.has("cachingMode")) {
      disk.child("cachingMode").requireOneOf(CACHING_MODES);
    }
    disk.child("kind").requireOneOf(kind, DISK_KINDS);
    Field uri = disk.child("diskURI");
    if (kind.equals("Managed")) {
      if (!uri.text().startsWith("/subscriptions/")) {
        uri.requireOneOf(
            List.of(
                "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}"));
      }
    } else if (!uri.text().startsWith("https://")) {
      uri.requireOneOf(
          List.of("https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd"));
    }
  }

  private static void storageOs(Field storage) {
    Field name = storage.child("volumeName");
    if (name.text().isEmpty()) {
      name.required("");
    } else {
      name.invalid(Formats.dnsLabel(name.text()));
    }
    Field namespace = storage.child("volumeNamespace");
    if (!namespace.text().isEmpty()) {
      namespace.invalid(Formats.dnsLabel(namespace.text()));
    }
    secretReference(storage);
  }

  private static void csi(Field csi) {
    Field driver = csi.child("driver");
    if (driver.text().isEmpty()) {
      driver.required("");
    } else {
      if (Formats.bytes(driver.text()) > 63) {
        driver.tooLong(63);
      }
      driver.invalid(Formats.dnsSubdomain(driver.text().toLowerCase(Locale.ROOT)));
    }
    if (csi.has("nodePublishSecretRef")) {
      Field name = csi.child("nodePublishSecretRef").child("name");
      if (name.text().isEmpty()) {
        name.required("");
      } else {
        name.invalid(Formats.dnsSubdomain(name.text()));
      }
    }
  }
}
