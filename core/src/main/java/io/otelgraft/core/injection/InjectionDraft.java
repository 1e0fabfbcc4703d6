package io.otelgraft.core.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.otelgraft.core.resource.AgentDelivery;
import io.otelgraft.core.resource.EnvVar;
import io.otelgraft.core.resource.Instrumentation;
import io.otelgraft.core.resource.LanguageSection;
import io.otelgraft.core.resource.LimitRanges;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.spi.Agent;
import io.otelgraft.spi.AgentSource;
import io.otelgraft.spi.Container;
import io.otelgraft.spi.Env;
import io.otelgraft.spi.Injection;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.ListVariable;
import io.otelgraft.spi.Need;
import io.otelgraft.spi.Target;
import io.otelgraft.spi.Variable;
import io.otelgraft.spi.Volume;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The editor that a plugin gets: one language on one pod. What the plugin says is carried out on
 * the {@link PodDraft}; names, paths and the way of delivery are decided here.
 */
final class InjectionDraft implements Injection {
  /** What the names of Graft's volumes and containers begin with, as the specification has it. */
  static final String NAME = "opentelemetry-auto-instrumentation";

  /** The purpose of a volume for an agent's files. */
  private static final String AGENT = "agent";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final PodDraft pod;
  private final Language language;
  private final Instrumentation instrumentation;
  private final LanguageSection section;
  private final Settings settings;
  private final QosClass qos;
  private final Delivery delivery;
  private AgentDelivery delivered = AgentDelivery.COPY;
  private final LimitRanges limits;
  private final EphemeralStorage storage;
  private final List<TargetView> targets;
  private final Map<String, String> homes = new HashMap<>(4);
  private final Map<ContainerDraft, List<CertificateMount>> certified = new LinkedHashMap<>(2);
  private final Set<String> describedElsewhere = new HashSet<>(2);
  private final Set<String> images = new LinkedHashSet<>(2);
  private final Set<String> imageless = new LinkedHashSet<>(0);
  private final Map<ContainerDraft, TargetView> preparing = new LinkedHashMap<>(2);
  private final List<ContainerDraft> inits = new ArrayList<>(2);
  private final Set<ContainerDraft> edited = new LinkedHashSet<>(4);
  private final List<ObjectNode> spelledOut = new ArrayList<>(0);
  private final Set<Need> needs = EnumSet.noneOf(Need.class);
  private String rule = "attach the agent";
  private boolean resourcesLeftOut;
  private boolean tightened;
  private boolean limited;
  private boolean storageLimitLeftOut;
  private boolean keepsFiles;
  private final List<Finding> findings = new ArrayList<>(0);

  InjectionDraft(
      PodDraft pod,
      Language language,
      Instrumentation instrumentation,
      LanguageSection section,
      Settings settings,
      QosClass qos,
      Delivery delivery,
      LimitRanges limits,
      EphemeralStorage storage,
      List<TargetView> targets) {
    this.pod = pod;
    this.language = language;
    this.instrumentation = instrumentation;
    this.section = section;
    this.settings = settings;
    this.qos = qos;
    this.delivery = delivery;
    this.limits = limits;
    this.storage = storage;
    this.targets = targets;
  }

  private Origin byPlugin() {
    return new Origin(language.id(), rule, "language " + language.id());
  }

  private Origin by(String source) {
    return by(rule, source);
  }

  private Origin by(String what, String source) {
    return new Origin(language.id(), what, source);
  }

  @Override
  public LanguageSection section() {
    return section;
  }

  @Override
  public List<Target> targets() {
    return List.copyOf(targets);
  }

  @Override
  public Container edit(Target target) {
    TargetView view = own(target);
    if (!describedElsewhere.contains(view.name())) {
      configure(view);
    }
    edited.add(view.container());
    return new ContainerEditor(view.container());
  }

  private TargetView own(Target target) {
    if (target instanceof TargetView view && targets.contains(view)) {
      return view;
    }
    throw new IllegalArgumentException(target + " is not a target of this injection");
  }

  /** Gives a target its telemetry configuration, unless an earlier language had it. */
  private void configure(TargetView target) {
    if (target.plan().configure()) {
      configure(target, target.container());
    }
  }

  /** Gives a target's telemetry configuration to a container, which may be another one. */
  private void configure(TargetView target, ContainerDraft container) {
    ContainerTelemetry telemetry = target.plan().telemetry();
    for (Proposal proposal : telemetry.proposals()) {
      Origin origin = new Origin(language.id(), proposal.rule(), proposal.source());
      switch (proposal.placement()) {
        case IF_ABSENT -> container.env().setIfAbsent(proposal.variable(), proposal.rank(), origin);
        case FACT -> container.env().setFact(proposal.variable(), proposal.rank(), origin);
        case INSTEAD -> container.env().replace(proposal.variable(), proposal.rank(), origin);
        case BESIDE -> container.env().setBeside(proposal.variable(), proposal.rank(), origin);
      }
    }
    certified.put(container, telemetry.certificates());
  }

  /** After the plugin's own mounts, as users of the operator know it. */
  private void mountCertificates(ContainerDraft container, List<CertificateMount> certificates) {
    for (CertificateMount mount : certificates) {
      Origin origin = new Origin(language.id(), "certificates of the exporter", mount.source());
      if (!pod.hasVolume(mount.volume())) {
        pod.addVolume(mount.toVolume(), origin);
      }
      if (!container.mountsAt(mount.path())) {
        container.mount(mount.volume(), mount.path(), true, origin);
      }
    }
  }

  /** Configures the targets that the plugin did not edit: all, for a language without an agent. */
  void finish() {
    rule = "configure the SDK";
    for (TargetView target : targets) {
      if (!describedElsewhere.contains(target.name())) {
        configure(target);
      }
    }
    certified.forEach(this::mountCertificates);
    preparing.forEach(this::copyReferred);
    Set<PodVariables.Field> fields = EnumSet.noneOf(PodVariables.Field.class);
    targets.forEach(target -> fields.addAll(target.fields()));
    if (!fields.isEmpty()) {
      edited.forEach(container -> giveReferred(container, fields));
    }
    if (keepsFiles || !inits.isEmpty()) {
      storage.keep(pod, inits, language, instrumentation).ifPresent(findings::add);
    }
  }

  /** Gives a container what only the kubelet knows and a value of the section refers to. */
  private void giveReferred(ContainerDraft container, Set<PodVariables.Field> fields) {
    Set<String> referred = new HashSet<>(referred(container));
    for (PodVariables.Field field : fields) {
      EnvVar variable = field.toEnvVar();
      if (referred.contains(variable.name())) {
        container
            .env()
            .setFact(variable, Rank.TELEMETRY, by("name what only the kubelet knows", "default"));
      }
    }
  }

  /** The names that a container's values and arguments refer to. */
  private static List<String> referred(ContainerDraft container) {
    List<String> names = new ArrayList<>(container.env().referred());
    for (String key : new String[] {"command", "args"}) {
      for (JsonNode word : container.field(key)) {
        names.addAll(References.in(word.asText()));
      }
    }
    return names;
  }

  /** Gives a container the variables of a target that its values and arguments refer to. */
  private void copyReferred(ContainerDraft container, TargetView target) {
    Deque<String> names = new ArrayDeque<>(referred(container));
    Origin origin = by("env of " + target);
    while (!names.isEmpty()) {
      String name = names.pop();
      if (!References.isName(name)) {
        continue;
      }
      if (!container.env().has(name)) {
        for (EnvVar entry : target.plan().entries(name)) {
          container.env().setBeside(entry, Rank.ORIGINAL, origin);
          names.addAll(References.in(entry.literal().orElse("")));
        }
      }
      for (EnvVar entry : target.plan().unseen(name)) {
        container.env().setBeside(entry, Rank.LANGUAGE, origin);
      }
    }
  }

  /** What there is to tell of the edits. */
  List<Finding> findings() {
    if (resourcesLeftOut) {
      findings.add(leftOut());
    }
    if (storageLimitLeftOut) {
      findings.add(
          Finding.warning(
              Reasons.RESOURCES_LEFT_OUT,
              language.id(),
              "",
              "the limit of ephemeral-storage that Instrumentation %s gives the containers of %s is left out: none of the pod's own containers has one, so it would be the limit of them all"
                  .formatted(instrumentation.reference(), language.id()),
              "limit the pod's own containers, or leave the limit out of the resources"));
    }
    if (limited) {
      findings.add(
          Finding.note(
              Reasons.RESOURCES_LIMITED,
              language.id(),
              "",
              "the resources of the containers of %s are those that the namespace's LimitRange allows"
                  .formatted(language.id())));
    }
    boolean volumeGiven =
        section.volumeClaimTemplate().isPresent() || section.volumeLimitSize().isPresent();
    if (volumeGiven && !keepsFiles && delivery.way() == AgentDelivery.COPY) {
      findings.add(
          Finding.note(
              Reasons.VOLUME_UNUSED,
              language.id(),
              "",
              "%s of Instrumentation %s has no effect: nothing of %s is kept in a volume"
                  .formatted(
                      section.volumeClaimTemplate().isPresent()
                          ? "volumeClaimTemplate"
                          : "volumeLimitSize",
                      instrumentation.reference(),
                      language.title())));
    }
    if (tightened) {
      findings.add(
          Finding.warning(
              Reasons.SECURITY_CONTEXT_TIGHTENED,
              language.id(),
              "",
              "spec.initContainerSecurityContext of Instrumentation %s would let what is added do more than the pod's own containers, so it does not count as a whole"
                  .formatted(instrumentation.reference()),
              "let it forbid what these forbid"));
    }
    return findings;
  }

  /** What the resource says and was not followed. */
  private Finding leftOut() {
    String resources =
        "the resources that Instrumentation %s gives the containers of %s are left out: "
            .formatted(instrumentation.reference(), language.id());
    return qos == QosClass.POD_LEVEL
        ? Finding.warning(
            Reasons.RESOURCES_LEFT_OUT,
            language.id(),
            "",
            resources + "they could exceed what the pod has as a whole",
            "")
        : Finding.warning(
            Reasons.RESOURCES_LEFT_OUT,
            language.id(),
            "",
            resources + "with them the pod would no longer be BestEffort",
            "give the pod's own containers requests, or set keep-qos-class to false");
  }

  /** What the parts that were added may do. */
  Rights rights() {
    return new Rights(spelledOut, pod.spec().path("securityContext"), needs);
  }

  /** How the agent was delivered; a language that asks for no agent's files copies nothing. */
  AgentDelivery delivered() {
    return delivered;
  }

  @Override
  public InjectionDraft because(String reason) {
    rule = reason;
    return this;
  }

  @Override
  public Agent agent(AgentSource source) {
    String name = agentVolume(language.id());
    if (delivery.way() == AgentDelivery.IMAGE_VOLUME) {
      return new MountedImage(name, source, "");
    }
    ObjectNode volume = JSON.objectNode().put("name", pod.freeVolumeName(name));
    volume.setAll(storage());
    pod.addVolume(volume, delivery());
    nameAsSafeToEvict(volume);
    AgentDraft agent = new AgentDraft(volume.path("name").asText(), homeInInit(), source);
    pull(agent.copy(name, source, agent.home));
    return agent;
  }

  /** The name of the volume for a language's agent, unless it is taken. */
  static String agentVolume(String language) {
    return NAME + "-" + language;
  }

  private Origin delivery() {
    return by(
        "deliver the agent",
        delivery.source().isEmpty() ? "language " + language.id() : delivery.source());
  }

  @Override
  public Volume agentVolume() {
    ObjectNode volume =
        JSON.objectNode().put("name", pod.freeVolumeName(name(AGENT, NAME + "-" + language.id())));
    volume.setAll(storage());
    pod.addVolume(volume, delivery());
    nameAsSafeToEvict(volume);
    return new VolumeEditor(volume.path("name").asText(), AGENT);
  }

  private ObjectNode storage() {
    keepsFiles = true;
    ObjectNode storage = JSON.objectNode();
    if (section.volumeClaimTemplate().isPresent()) {
      storage
          .putObject("ephemeral")
          .set("volumeClaimTemplate", section.volumeClaimTemplate().get());
    } else {
      storage
          .putObject("emptyDir")
          .put("sizeLimit", section.volumeLimitSize().orElse(settings.volumeLimitSize()));
    }
    return storage;
  }

  /** Local volumes keep the cluster autoscaler from evicting a pod unless they are named. */
  private void nameAsSafeToEvict(ObjectNode volume) {
    if (!volume.has("emptyDir") && !volume.has("hostPath")) {
      return;
    }
    String named = pod.annotation(Annotations.SAFE_TO_EVICT);
    String name = volume.path("name").asText();
    pod.annotate(
        Annotations.SAFE_TO_EVICT,
        named.isEmpty() ? name : named + "," + name,
        new Origin(language.id(), "keep the pod evictable", "default"));
  }

  private String homeInInit() {
    return settings.mountPaths() == Settings.Convention.OPERATOR
        ? "/otel-auto-instrumentation-" + language.id()
        : "/otel-auto-instrumentation";
  }

  /** Where the agent is mounted in a target: the usual path, or one beside it if that is taken. */
  private String homeIn(ContainerDraft container) {
    return homeIn(container, AGENT);
  }

  private String homeIn(ContainerDraft container, String purpose) {
    boolean operator = settings.mountPaths() == Settings.Convention.OPERATOR;
    String usual =
        operator
            ? language
                .operatorMountPath()
                .replace("{container}", container.name())
                .replace("{purpose}", purpose)
            : "/otel-auto-instrumentation" + (purpose.equals(AGENT) ? "" : "-" + purpose);
    String beside =
        operator || !purpose.equals(AGENT)
            ? usual + "-" + language.id()
            : "/otel-auto-instrumentation-" + language.id();
    return freePath(container, usual, beside);
  }

  private static String freePath(ContainerDraft container, String usual, String beside) {
    String path = container.mountsAt(usual) ? beside : usual;
    for (int i = 2; container.mountsAt(path); i++) {
      path = beside + "-" + i;
    }
    return path;
  }

  @Override
  public Volume scratch(String purpose) {
    keepsFiles = true;
    ObjectNode volume = JSON.objectNode().put("name", volumeName(purpose));
    volume
        .putObject("emptyDir")
        .put("sizeLimit", section.volumeLimitSize().orElse(settings.volumeLimitSize()));
    pod.addVolume(volume, byPlugin());
    nameAsSafeToEvict(volume);
    return new VolumeEditor(volume.path("name").asText(), purpose);
  }

  @Override
  public Volume hostPath(String purpose, String path) {
    ObjectNode volume = JSON.objectNode().put("name", volumeName(purpose));
    volume.putObject("hostPath").put("path", path);
    needs.add(Need.HOST_PATH);
    pod.addVolume(volume, byPlugin());
    nameAsSafeToEvict(volume);
    return new VolumeEditor(volume.path("name").asText(), purpose);
  }

  private String volumeName(String purpose) {
    return pod.freeVolumeName(nameFor(purpose));
  }

  @Override
  public Container init(String purpose) {
    ContainerDraft added = addInit(begin(nameFor(purpose), pulled(section.image())), byPlugin());
    pull(added);
    return new ContainerEditor(added);
  }

  /** A new init container that runs before the first target, or last if no target is one. */
  private ContainerDraft addInit(ObjectNode begin, Origin origin) {
    ContainerDraft added = placeInit(begin, origin);
    TargetView first = targets.getFirst();
    dress(
        added,
        first,
        SecurityContexts.forDelivery(pod.spec(), first.container().original(), instrumentation));
    return added;
  }

  private ContainerDraft placeInit(ObjectNode begin, Origin origin) {
    TargetView first = targets.getFirst();
    ContainerDraft added = pod.addInit(begin, first.isInit() ? first.container() : null, origin);
    edited.add(added);
    inits.add(added);
    return added;
  }

  private ObjectNode begin(String name, String image) {
    return JSON.objectNode().put("name", pod.freeContainerName(name)).put("image", image);
  }

  private String nameFor(String purpose) {
    return name(purpose, NAME + "-" + language.id() + "-" + purpose);
  }

  /** The name for a purpose: Graft's, or that which users of the operator know. */
  private String name(String purpose, String own) {
    return settings.mountPaths() == Settings.Convention.OPERATOR
        ? language.operatorNames().getOrDefault(purpose, own)
        : own;
  }

  /** An image as it is pulled, with what that needs. */
  private String pulled(String image) {
    String resolved = settings.agentImages().resolve(image);
    images.add(resolved);
    if (!settings.agentImages().pullSecrets().isEmpty()) {
      Origin origin = new Origin(language.id(), "pull images", "setting agent-images.pull-secrets");
      pod.addPullSecrets(settings.agentImages().pullSecrets(), origin);
    }
    return resolved;
  }

  /** The images of all that was added, but for those of the pod itself. */
  Set<String> images() {
    return images;
  }

  /**
   * The containers that were cloned and name no image. The API server takes them in a template, for
   * something that fills it in later, and would refuse the clone where nothing does.
   */
  Set<String> imageless() {
    return imageless;
  }

  /** How the agent's image is pulled; other images come from elsewhere, or are the pod's own. */
  private void pull(ContainerDraft added) {
    instrumentation
        .imagePullPolicy()
        .ifPresent(policy ->
            added.set(
                "imagePullPolicy",
                TextNode.valueOf(policy),
                by("spec.imagePullPolicy of " + instrumentation.reference())));
  }

  /** What all containers that Graft adds have: resources and security context. */
  private void dress(ContainerDraft added, TargetView target, ObjectNode context) {
    ObjectNode resources = qos.preserving(section.resources(), language.resources());
    resourcesLeftOut |= resources.isEmpty() && section.resourcesGiven();
    if (storage.isFirstLimit(resources)) {
      storageLimitLeftOut = true;
      resources = EphemeralStorage.withoutLimit(resources);
    }
    ObjectNode fitting =
        limits.isEmpty() ? resources : limits.fit(resources, pod.use(), added.name());
    limited |= !fitting.equals(resources);
    if (!resources.isEmpty()) {
      added.set("resources", fitting, by("spec of " + instrumentation.reference()));
    }
    secure(added, target, context);
  }

  private void secure(ContainerDraft added, TargetView target, ObjectNode context) {
    if (!context.isEmpty()) {
      added.set("securityContext", context, by("security context of " + target));
    }
    tightened |= SecurityContexts.isTightened(context, instrumentation);
  }

  @Override
  public Container cloneOf(Target target, String purpose) {
    TargetView view = own(target);
    ObjectNode original = view.container().original();
    String image = original.path("image").asText();
    if (image.isBlank()) {
      imageless.add(view.name());
    }
    ObjectNode begin = begin(nameFor(purpose), image);
    for (String key : List.of("imagePullPolicy", "envFrom", "env", "volumeMounts")) {
      if (original.has(key)) {
        begin.set(key, original.get(key));
      }
    }
    ContainerDraft added = placeInit(begin, byPlugin());
    dress(added, view, SecurityContexts.forClone(pod.spec(), original, instrumentation));
    for (Proposal proposal : view.plan().telemetry().proposals()) {
      if (proposal.rank() == Rank.LANGUAGE_ENV) {
        Origin origin = new Origin(language.id(), proposal.rule(), proposal.source());
        added.env().setIfAbsent(proposal.variable(), Rank.LANGUAGE_ENV, origin);
      }
    }
    return new ContainerEditor(added);
  }

  @Override
  public Container sidecar(String purpose) {
    ObjectNode begin = begin(nameFor(purpose), pulled(section.image()));
    ContainerDraft added;
    if (settings.nativeSidecars()) {
      added = pod.addInit(begin.put("restartPolicy", "Always"), null, byPlugin());
    } else {
      added = pod.addContainer(begin, byPlugin());
      warnOfOutliving(added);
    }
    edited.add(added);
    TargetView first = targets.getFirst();
    dress(
        added,
        first,
        SecurityContexts.forDelivery(pod.spec(), first.container().original(), instrumentation));
    pull(added);
    return new ContainerEditor(added);
  }

  /** A pod that is to end, that of a Job for instance, ends when all its containers have. */
  private void warnOfOutliving(ContainerDraft sidecar) {
    String restart = pod.spec().path("restartPolicy").asText("Always");
    if (!restart.equals("Always")) {
      findings.add(
          Finding.warning(
              Reasons.SIDECAR_OUTLIVES,
              language.id(),
              sidecar.name(),
              "the pod has restartPolicy: %s and is to end, but container %s goes on when the others have ended"
                  .formatted(restart, sidecar.name()),
              "set native-sidecars to true where the cluster is of Kubernetes 1.29 or newer"));
    }
  }

  @Override
  public void shareProcesses() {
    needs.add(Need.SHARED_PROCESSES);
    if (!pod.spec().path("shareProcessNamespace").asBoolean(false)) {
      pod.setSpec("shareProcessNamespace", BooleanNode.TRUE, byPlugin());
    }
  }

  @Override
  public boolean prefersPrivileged() {
    return settings.privilegedSidecars();
  }

  /** An agent's files: a volume, and the init container that fills it. */
  private final class AgentDraft implements Agent {
    private final String volume;
    private final String home;
    private final AgentSource source;
    private int parts;

    AgentDraft(String volume, String home, AgentSource source) {
      this.volume = volume;
      this.home = home;
      this.source = source;
    }

    /** Adds the init container that copies files of an image to a place in the volume. */
    ContainerDraft copy(String name, AgentSource from, String to) {
      ObjectNode begin = begin(name, pulled(from.image()));
      ArrayNode command = begin.putArray("command").add("cp");
      if (from.isDirectory()) {
        command.add("-r").add(from.path() + "/.").add(to);
      } else {
        command.add(from.path()).add(to + fileOf(from));
      }
      ContainerDraft added = addInit(begin, delivery());
      added.mount(volume, home, false, delivery());
      return added;
    }

    private static String fileOf(AgentSource file) {
      return file.path().substring(file.path().lastIndexOf('/'));
    }

    private String mount(ContainerDraft container) {
      return homes.computeIfAbsent(
          container.name() + "\0" + volume,
          key -> {
            String path = container.isAdded() ? home : homeIn(container);
            container.mount(volume, path, false, delivery());
            return path;
          });
    }

    @Override
    public String mountIn(Container container) {
      String path = mount(draftOf(container));
      return source.isDirectory() ? path : path + fileOf(source);
    }

    @Override
    public Agent part(String directory, String purpose, AgentSource part) {
      requireDirectory(part);
      copy(NAME + "-" + purpose + "-" + parts++, part, home + "/" + directory);
      return new Part(directory);
    }

    /** Files beside the agent's, in a directory of its volume. */
    private final class Part implements Agent {
      private final String directory;

      Part(String directory) {
        this.directory = directory;
      }

      @Override
      public String mountIn(Container container) {
        return mount(draftOf(container)) + "/" + directory;
      }

      @Override
      public Agent part(String other, String purpose, AgentSource part) {
        return AgentDraft.this.part(other, purpose, part);
      }
    }
  }

  /** An agent's files, or more beside them, mounted from their image. */
  private final class MountedImage implements Agent {
    private final String volume;
    private final AgentSource source;
    private final String suffix;
    private int parts;

    /**
     * @param suffix what the mount path ends in, beside the agent's; the empty string for the agent
     */
    MountedImage(String name, AgentSource source, String suffix) {
      this.volume = pod.freeVolumeName(name);
      this.source = source;
      this.suffix = suffix;
      ObjectNode entry = JSON.objectNode().put("name", volume);
      ObjectNode image = entry.putObject("image").put("reference", pulled(source.image()));
      if (suffix.isEmpty()) {
        instrumentation.imagePullPolicy().ifPresent(policy -> image.put("pullPolicy", policy));
      }
      pod.addVolume(entry, origin());
      delivered = AgentDelivery.IMAGE_VOLUME;
    }

    private Origin origin() {
      return by("mount the agent from its image", delivery.source());
    }

    @Override
    public String mountIn(Container container) {
      ContainerDraft draft = draftOf(container);
      String path =
          homes.computeIfAbsent(
              draft.name() + "\0" + volume,
              key -> {
                String free = path(draft);
                draft.mountPart(volume, directory(), free, origin());
                return free;
              });
      return source.isDirectory() ? path : path + AgentDraft.fileOf(source);
    }

    private String path(ContainerDraft container) {
      if (suffix.isEmpty()) {
        return homeIn(container);
      }
      String usual = homeInInit() + "-" + suffix;
      return freePath(container, usual, usual);
    }

    /** The directory of the image that is mounted: runtimes do not mount single files. */
    private String directory() {
      String path = source.path();
      int end = source.isDirectory() ? path.length() : path.lastIndexOf('/');
      while (end > 0 && path.charAt(end - 1) == '/') {
        end--;
      }
      return end == 0 ? "" : path.substring(1, end);
    }

    @Override
    public Agent part(String directory, String purpose, AgentSource part) {
      requireDirectory(part);
      return new MountedImage(NAME + "-" + purpose + "-" + parts++, part, directory);
    }
  }

  private static void requireDirectory(AgentSource part) {
    if (!part.isDirectory()) {
      throw new IllegalArgumentException(part.path() + " is a file: a part is a directory");
    }
  }

  private static ContainerDraft draftOf(Container container) {
    if (container instanceof ContainerEditor editor) {
      return editor.draft;
    }
    throw new IllegalArgumentException("the container does not come from this injection");
  }

  private final class VolumeEditor implements Volume {
    private final String name;
    private final String purpose;

    VolumeEditor(String name, String purpose) {
      this.name = name;
      this.purpose = purpose;
    }

    @Override
    public String mountIn(Container container) {
      ContainerDraft draft = draftOf(container);
      String path = homeIn(draft, purpose);
      draft.mount(name, path, false, byPlugin());
      return path;
    }

    @Override
    public Volume mount(Container container, String path) {
      draftOf(container).mount(name, path, false, byPlugin());
      return this;
    }

    @Override
    public Volume replace(Container container, String path) {
      draftOf(container).mountInstead(name, path, byPlugin());
      return this;
    }
  }

  private final class ContainerEditor implements Container {
    private final ContainerDraft draft;

    ContainerEditor(ContainerDraft draft) {
      this.draft = draft;
    }

    @Override
    public String name() {
      return draft.name();
    }

    @Override
    public Env env() {
      return new EnvEditor(draft);
    }

    @Override
    public Container wrapCommand(List<String> prefix) {
      JsonNode command = draft.field("command");
      if (command.isEmpty()) {
        throw new IllegalStateException(
            "container " + name() + " has no explicit command that could be wrapped");
      }
      ArrayNode wrapped = JSON.arrayNode();
      prefix.forEach(wrapped::add);
      command.forEach(wrapped::add);
      draft.set("command", wrapped, byPlugin());
      return this;
    }

    @Override
    public Container command(String... words) {
      return setAdded("command", words(words));
    }

    @Override
    public Container args(String... words) {
      return setAdded("args", words(words));
    }

    private static ArrayNode words(String... words) {
      ArrayNode array = JSON.arrayNode();
      for (String word : words) {
        array.add(word);
      }
      return array;
    }

    @Override
    public Container image(String image) {
      return setAdded("image", TextNode.valueOf(pulled(image)));
    }

    @Override
    public Container securityContext(Map<String, Object> context) {
      ObjectNode tree = (ObjectNode) EnvVar.of(Variable.from("", context)).entry().get("valueFrom");
      ObjectNode complete = SecurityContexts.spelledOut(tree, pod.spec(), language);
      spelledOut.add(complete);
      return setAdded("securityContext", complete);
    }

    private Container setAdded(String key, JsonNode value) {
      if (!draft.isAdded()) {
        throw new IllegalStateException(
            "container " + name() + " is the pod's own: its " + key + " is not changed");
      }
      draft.set(key, value, byPlugin());
      return this;
    }

    @Override
    public Container unmount(String path) {
      draft.unmount(path, byPlugin());
      return this;
    }

    @Override
    public Container prepares(Target target) {
      if (!draft.isAdded()) {
        throw new IllegalStateException(
            "container " + name() + " is the pod's own: it has variables of its own");
      }
      TargetView view = own(target);
      preparing.put(draft, view);
      secure(
          draft,
          view,
          SecurityContexts.forDelivery(pod.spec(), view.container().original(), instrumentation));
      List<Proposal> addresses = new ArrayList<>(2);
      for (Proposal proposal : view.plan().telemetry().proposals()) {
        switch (proposal.rank()) {
          case LANGUAGE_ENV, COMMON_ENV -> add(proposal);
          case NODE -> addresses.addFirst(proposal);
          default -> {
            // Tells the SDK, of which there is none here.
          }
        }
      }
      addresses.forEach(this::add);
      return this;
    }

    private void add(Proposal proposal) {
      Origin origin = new Origin(language.id(), proposal.rule(), proposal.source());
      if (proposal.rank() == Rank.NODE) {
        draft.env().setFact(proposal.variable(), Rank.COMMON_ENV, origin);
      } else {
        draft.env().setIfAbsent(proposal.variable(), proposal.rank(), origin);
      }
    }

    @Override
    public Container describes(Target target) {
      TargetView view = own(target);
      draft.env().takeOver(view.env(), by("env of " + view));
      describedElsewhere.add(view.name());
      configure(view, draft);
      draft.env().giveFromSources(ServiceName.VARIABLE, by("envFrom of " + view));
      return this;
    }
  }

  private final class EnvEditor implements Env {
    private final ContainerDraft container;

    EnvEditor(ContainerDraft container) {
      this.container = container;
    }

    private Env set(EnvVar variable) {
      container.env().setIfAbsent(variable, Rank.LANGUAGE, byPlugin());
      return this;
    }

    @Override
    public Env setIfAbsent(String name, String value) {
      return set(EnvVar.of(name, value));
    }

    @Override
    public Env setIfAbsent(Variable variable) {
      return set(EnvVar.of(variable));
    }

    @Override
    public Env setDefault(String name, String value) {
      return settings.languageDefaults() == Settings.Convention.OPERATOR
          ? this
          : set(EnvVar.of(name, value));
    }

    @Override
    public Env setDefault(String name, String value, String operatorValue) {
      return setIfAbsent(
          name,
          settings.languageDefaults() == Settings.Convention.OPERATOR ? operatorValue : value);
    }

    @Override
    public Env field(String name, String fieldPath) {
      container.env().setFact(EnvVar.field(name, fieldPath), Rank.LANGUAGE, byPlugin());
      return this;
    }

    @Override
    public Env copy(Target from, String name) {
      own(from).env().get(name).ifPresent(this::setIfAbsent);
      return this;
    }

    @Override
    public Env prepend(ListVariable variable, String item) {
      return extend(variable, item, false);
    }

    @Override
    public Env append(ListVariable variable, String item) {
      return extend(variable, item, true);
    }

    private Env extend(ListVariable variable, String item, boolean atEnd) {
      if (language.listVariables().stream().noneMatch(v -> v.name().equals(variable.name()))) {
        throw new IllegalArgumentException(
            "language "
                + language.id()
                + " does not declare the list variable "
                + variable.name()
                + " (Language.Builder.joins)");
      }
      container.env().extend(variable, item, atEnd, byPlugin());
      return this;
    }
  }
}
