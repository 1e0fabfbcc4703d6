package io.otelgraft.core.injection;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Json;
import io.otelgraft.core.injection.Selection.Choice;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.resource.AgentDelivery;
import io.otelgraft.core.resource.Instrumentation;
import io.otelgraft.core.resource.LanguageSection;
import io.otelgraft.core.resource.LanguageSection.AgentImage;
import io.otelgraft.core.resource.LimitRanges;
import io.otelgraft.core.resource.NamespaceFacts;
import io.otelgraft.core.resource.Resources;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.core.resource.Settings.Convention;
import io.otelgraft.core.resource.Settings.OnError;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.ListVariable;
import io.otelgraft.spi.Reason;
import io.otelgraft.spi.Setting;
import io.otelgraft.spi.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Injects into a pod what it asks for: finds plugins, resources and containers, lets each plugin
 * examine its targets, and lets it edit those that it accepts. A pure function of what it is made
 * of and what it is given; made anew for each decision, as its parts are replaced while Graft runs.
 *
 * @param catalogue the plugins
 * @param resources what is known of Instrumentations and namespaces
 * @param settings the operator's settings
 */
public record Injector(Catalogue catalogue, Resources resources, Settings settings) {

  /**
   * What became of a pod.
   *
   * @param findings what the user is told; a refusal among them means that nothing was edited
   * @param injected the languages that were injected
   * @param observed whether a resource that was used says that pods are only observed
   * @param edited the edited pod; empty if nothing was injected
   */
  public record Result(
      List<Finding> findings,
      List<Injected> injected,
      boolean observed,
      Optional<EditedPod> edited) {}

  private static final Setting<Boolean> BESIDE_OTHER_AGENTS =
      Setting.flag(Annotations.BESIDE_OTHER_AGENTS.substring(Annotations.PREFIX.length()));

  private static final Reason ANOTHER_AGENT =
      Reason.of(
              Reasons.ANOTHER_AGENT,
              "Another agent is in the container already, or its injector was asked to put it"
                  + " there; two tracers in one process change the same code.")
          .overridable();

  /** A language with the containers that it accepted. */
  private record Accepted(Choice choice, Delivery delivery, List<TargetView> targets) {}

  /** Whether the pod or its namespace asks for anything. */
  public boolean isAsked(PodFacts facts) {
    return !Asked.of(facts, resources.namespace(facts.namespace())).isEmpty();
  }

  /**
   * Injects.
   *
   * @param pod the pod, or a workload's pod template; never touched
   * @param facts what is known of the pod beside its tree
   * @param failed languages to leave out because their plugin failed on this pod, with the failure
   * @throws io.otelgraft.core.plugin.PluginFailure if a plugin fails; call again without it
   * @throws MalformedPodException if the pod has a shape that no API server accepts
   */
  public Result inject(ObjectNode pod, PodFacts facts, Map<String, Finding> failed) {
    Optional<NamespaceFacts> namespace = resources.namespace(facts.namespace());
    PodDraft draft = new PodDraft(pod, settings.languageDefaults() == Convention.OPERATOR);
    List<Asked> asked = new ArrayList<>(Asked.of(facts, namespace));
    List<Finding> findings = new ArrayList<>();
    asked.removeIf(one -> failed.containsKey(one.id()) && findings.add(failed.get(one.id())));
    Selection selection =
        Selection.of(asked, facts, draft, namespace, catalogue, resources, settings);
    findings.addAll(selection.findings());
    PodFacts known = OwnersInCluster.of(facts, selection.choices(), resources, findings);
    Map<String, ContainerPlan> plans = plans(selection, draft, known, namespace);
    List<Accepted> accepted = new ArrayList<>(selection.choices().size());
    for (Choice choice : selection.choices()) {
      Delivery delivery = Delivery.of(choice, facts, namespace, settings);
      Optional<Finding> forbidden =
          Needs.forbidden(choice, draft.spec(), namespace, settings)
              .or(() -> ClaimName.refusal(choice, delivery.way(), pod));
      if (forbidden.isPresent()) {
        findings.add(forbidden.get());
        choice.containers().forEach(name -> plans.get(name).remove(choice));
      } else {
        examine(choice, delivery, plans, draft, known, namespace, findings)
            .ifPresent(accepted::add);
      }
    }
    boolean refused = findings.stream().anyMatch(Injector::isRefusal);
    if (refused && settings.onError() == OnError.REJECT) {
      return new Result(List.copyOf(findings), List.of(), selection.observed(), Optional.empty());
    }
    findings.replaceAll(finding -> isRefusal(finding) ? finding.asWarning() : finding);
    if (accepted.isEmpty()) {
      return new Result(List.copyOf(findings), List.of(), selection.observed(), Optional.empty());
    }
    tell(accepted, findings);
    QosClass qos = QosClass.of(draft.spec());
    if (!settings.keepQosClass() && qos != QosClass.POD_LEVEL) {
      // Even then nothing is added to a budget that the pod has as a whole: it could exceed it.
      qos = QosClass.BURSTABLE;
    }
    LimitRanges limits = namespace.map(NamespaceFacts::limits).orElse(LimitRanges.NONE);
    EphemeralStorage storage = EphemeralStorage.of(draft, limits, settings.keepEphemeralStorage());
    boolean isWithin = !limits.isEmpty() && limits.breach(draft.use()).isEmpty();
    List<Injected> injected = new ArrayList<>(accepted.size());
    for (Accepted language : accepted) {
      InjectionDraft injection = inject(language, draft, qos, limits, storage);
      Choice choice = language.choice();
      Optional<Finding> forbidden =
          injection.images().stream()
              .flatMap(name -> notAllowed(choice, name).stream())
              .findFirst()
              .or(() -> lacksContainerImage(choice, injection))
              .or(() ->
                  Needs.forbidden(choice, injection.rights(), draft.spec(), namespace, settings))
              .or(() -> isWithin ? beyond(limits, draft, language) : Optional.empty());
      if (forbidden.isPresent()) {
        return without(forbidden.get(), pod, facts, failed, selection);
      }
      noteHiddenImageEnv(language, findings);
      findings.addAll(injection.findings());
      injected.add(injected(language, injection.delivered()));
    }
    mark(draft, injected);
    return new Result(
        List.copyOf(findings),
        List.copyOf(injected),
        selection.observed(),
        Optional.of(draft.finish()));
  }

  private static boolean isRefusal(Finding finding) {
    return finding.severity() == Finding.Severity.REFUSAL;
  }

  private Map<String, ContainerPlan> plans(
      Selection selection, PodDraft draft, PodFacts facts, Optional<NamespaceFacts> namespace) {
    Map<String, ContainerPlan> plans = new LinkedHashMap<>(4);
    for (Choice choice : selection.choices()) {
      for (String name : choice.containers()) {
        plans
            .computeIfAbsent(
                name, key -> new ContainerPlan(draft.container(key), facts, namespace, settings))
            .add(choice);
      }
    }
    return plans;
  }

  /** Asks the plugin about each container; empty if the language goes into none of them. */
  private Optional<Accepted> examine(
      Choice choice,
      Delivery delivery,
      Map<String, ContainerPlan> plans,
      PodDraft draft,
      PodFacts facts,
      Optional<NamespaceFacts> namespace,
      List<Finding> findings) {
    List<TargetView> targets = new ArrayList<>(choice.containers().size());
    boolean refused =
        hasInvalidAnnotation(choice, facts, draft, namespace, findings) || delivery.isRefused();
    if (delivery.isRefused()) {
      findings.addAll(delivery.findings());
    }
    refused |= lacksImage(choice, findings) || hasImageThatIsNotAllowed(choice, findings);
    boolean insists =
        facts
            .annotations()
            .getOrDefault(Annotations.BESIDE_OTHER_AGENTS, "")
            .strip()
            .equalsIgnoreCase("true");
    for (int i = 0; i < choice.containers().size() && !refused; i++) {
      String name = choice.containers().get(i);
      TargetView target = new TargetView(plans.get(name), choice, namespace);
      Examination examination = new Examination(choice, name, insists, findings);
      EmptyReferences.refuse(choice, target, examination);
      if (choice.plugin().language().hasAgent()) {
        OtherAgents.in(target, choice.plugin().language(), draft)
            .ifPresent(found -> examination.standDown(ANOTHER_AGENT, found));
      }
      if (!examination.refused && !examination.stoodDown) {
        choice.plugin().examine(target, examination);
      }
      refused = examination.refused;
      if (examination.stoodDown) {
        plans.get(name).remove(choice);
      } else {
        targets.add(target);
      }
    }
    if (refused) {
      choice.containers().forEach(name -> plans.get(name).remove(choice));
      return Optional.empty();
    }
    if (targets.isEmpty()) {
      return Optional.empty();
    }
    findings.addAll(delivery.findings());
    return Optional.of(new Accepted(choice, delivery, targets));
  }

  /** Whether nobody says where the agent comes from. */
  private static boolean lacksImage(Choice choice, List<Finding> findings) {
    Language language = choice.plugin().language();
    if (!language.hasAgent() || choice.section().agentImage().isPresent()) {
      return false;
    }
    String found =
        "Instrumentation %s names no image of the agent for %s, and none is published that would be the default"
            .formatted(choice.instrumentation().reference(), language.title());
    findings.add(
        choice
            .asked()
            .cannot(
                Reasons.NO_AGENT_IMAGE,
                "",
                found,
                LanguageSection.namingAnImage(language)
                    + Selection.contact(choice.instrumentation())));
    return true;
  }

  private boolean hasImageThatIsNotAllowed(Choice choice, List<Finding> findings) {
    Optional<Finding> refusal =
        choice
            .section()
            .agentImage()
            .map(image -> settings.agentImages().resolve(image.name()))
            .flatMap(image -> notAllowed(choice, image));
    refusal.ifPresent(findings::add);
    return refusal.isPresent();
  }

  private Optional<Finding> notAllowed(Choice choice, String image) {
    return settings
        .agentImages()
        .refusal(image)
        .map(why ->
            choice
                .asked()
                .cannot(
                    Reasons.IMAGE_NOT_ALLOWED,
                    "",
                    "the image %s, which Instrumentation %s adds for %s, %s"
                        .formatted(
                            image,
                            choice.instrumentation().reference(),
                            choice.plugin().language().title(),
                            why),
                    "name an image that is allowed" + Selection.contact(choice.instrumentation())));
  }

  /** What is told where a container is copied that does not say which image it runs. */
  private static Optional<Finding> lacksContainerImage(Choice choice, InjectionDraft injection) {
    return injection.imageless().stream()
        .findFirst()
        .map(container ->
            choice
                .asked()
                .cannot(
                    Reasons.NO_CONTAINER_IMAGE,
                    container,
                    "container %s names no image, and %s needs a copy of it that runs the same one"
                        .formatted(container, choice.plugin().language().title()),
                    "name the image in the pod; what fills it in later does so too late"));
  }

  /** Adds what became of an image that nobody chose. */
  private static void noteOperatorDefault(Choice choice, List<Finding> findings) {
    choice
        .section()
        .agentImage()
        .flatMap(AgentImage::operatorDefault)
        .map(written ->
            Finding.note(
                written.stays() ? Reasons.UPGRADE_BLOCKED : Reasons.OPERATOR_DEFAULT_REPLACED,
                choice.plugin().id(),
                "",
                "in Instrumentation %s, %s; %s"
                    .formatted(
                        choice.instrumentation().reference(), written.message(), written.fix())))
        .ifPresent(findings::add);
  }

  /** Adds what there is to tell about containers that are injected. */
  private static void tell(List<Accepted> accepted, List<Finding> findings) {
    Set<String> told = new HashSet<>(4);
    for (Accepted language : accepted) {
      noteOperatorDefault(language.choice(), findings);
      for (TargetView target : language.targets()) {
        noteUnseenImageEnv(language.choice(), target, findings);
        EmptyReferences.tell(language.choice(), target, findings);
        List<Note> notes = new ArrayList<>(target.notes());
        if (told.add(target.name())) {
          notes.addAll(target.plan().telemetry().notes());
        }
        for (Note note : notes) {
          findings.add(Finding.of(note, language.choice().plugin().id(), target.name()));
        }
      }
    }
  }

  private static boolean hasInvalidAnnotation(
      Choice choice,
      PodFacts facts,
      PodDraft draft,
      Optional<NamespaceFacts> namespace,
      List<Finding> findings) {
    boolean invalid = isInvalid(choice, facts, BESIDE_OTHER_AGENTS, findings);
    String imageEnv = facts.annotations().get(Annotations.IMAGE_ENV);
    Optional<String> wrongImageEnv =
        imageEnv == null
            ? Optional.empty()
            : ImageVariables.wrong(imageEnv, draft.containerNames());
    if (wrongImageEnv.isPresent()) {
      String what = Annotations.IMAGE_ENV + " " + wrongImageEnv.get();
      findings.add(wrongAnnotation(choice, true, what));
      invalid = true;
    }
    for (Setting<?> setting : choice.plugin().language().annotations()) {
      String key = Annotations.PREFIX + setting.key();
      String value = facts.annotations().get(key);
      boolean ofPod = value != null;
      if (value == null && !setting.isPodOnly() && namespace.isPresent()) {
        value = namespace.get().annotations().get(key);
      }
      Optional<String> wrong = value == null ? Optional.empty() : TargetView.wrong(setting, value);
      if (wrong.isPresent()) {
        findings.add(wrongAnnotation(choice, ofPod, key + ": " + value + " " + wrong.get()));
        invalid |= ofPod;
      }
    }
    return invalid;
  }

  private static boolean isInvalid(
      Choice choice, PodFacts facts, Setting<?> setting, List<Finding> findings) {
    String key = Annotations.PREFIX + setting.key();
    String value = facts.annotations().get(key);
    Optional<String> wrong = value == null ? Optional.empty() : TargetView.wrong(setting, value);
    wrong.ifPresent(
        how -> findings.add(wrongAnnotation(choice, true, key + ": " + value + " " + how)));
    return wrong.isPresent();
  }

  /** A value that comes from the namespace is passed over: the default counts in its place. */
  private static Finding wrongAnnotation(Choice choice, boolean ofPod, String what) {
    String fix = "correct or remove it" + Selection.contact(choice.instrumentation());
    return ofPod
        ? choice.asked().cannot(Reasons.ANNOTATION_INVALID, "", "the annotation " + what, fix)
        : Finding.warning(
            Reasons.ANNOTATION_INVALID,
            choice.plugin().id(),
            "",
            "the annotation of the namespace " + what + ", so the default counts",
            fix);
  }

  /** Takes what a plugin says of one container. */
  private static final class Examination implements Verdict {
    private final Choice choice;
    private final String container;
    private final boolean insists;
    private final List<Finding> findings;
    private boolean stoodDown;
    private boolean refused;

    Examination(Choice choice, String container, boolean insists, List<Finding> findings) {
      this.choice = choice;
      this.container = container;
      this.insists = insists;
      this.findings = findings;
    }

    private String id() {
      return choice.plugin().id();
    }

    @Override
    public void note(String text) {
      if (stoodDown) {
        // It would be about an agent that does not go in.
        return;
      }
      findings.add(Finding.note(Reasons.NOTE, id(), container, text));
    }

    @Override
    public void standDown(Reason reason, String found) {
      if (insists && reason.isOverridable()) {
        note("goes in as the annotation insists, beside what is there: " + found);
        return;
      }
      stoodDown = true;
      findings.add(
          Finding.warning(
              reason.code(),
              id(),
              container,
              "container "
                  + container
                  + " is left as it is: "
                  + reason.meaning()
                  + " (found: "
                  + found
                  + ")",
              reason.isOverridable()
                  ? "to have both, annotate the pod with "
                      + Annotations.BESIDE_OTHER_AGENTS
                      + ": \"true\""
                  : ""));
    }

    @Override
    public void refuse(Reason reason, String found, String fix) {
      refused = true;
      findings.add(
          choice
              .asked()
              .cannot(
                  reason.code(),
                  container,
                  "container "
                      + container
                      + " cannot be instrumented: "
                      + reason.meaning()
                      + " (found: "
                      + found
                      + ")",
                  fix + Selection.contact(choice.instrumentation())));
    }
  }

  /** An injected entry hides a variable of the image, which admission cannot see. */
  private static void noteUnseenImageEnv(Choice choice, TargetView target, List<Finding> findings) {
    for (ListVariable variable : choice.plugin().language().listVariables()) {
      if (target.env().get(variable.name()).isEmpty()) {
        findings.add(unseenImageEnv(variable.name(), "it is extended", choice, target));
      }
    }
  }

  /** Adds what an image may lose by variables that are set and no lists, once they are. */
  private static void noteHiddenImageEnv(Accepted accepted, List<Finding> findings) {
    for (TargetView target : accepted.targets()) {
      // What configures the SDK is Graft's to say, and no image needs it to run.
      List<String> set =
          accepted.choice().plugin().language().variables().stream()
              .filter(name -> !name.startsWith("OTEL_"))
              .filter(name -> target.given(name).isEmpty() && target.container().env().has(name))
              .toList();
      if (!set.isEmpty()) {
        findings.add(
            unseenImageEnv(String.join(" or ", set), "it stays", accepted.choice(), target));
      }
    }
  }

  private static Finding unseenImageEnv(
      String variables, String then, Choice choice, TargetView target) {
    return Finding.note(
        Reasons.IMAGE_ENV_UNSEEN,
        choice.plugin().id(),
        target.name(),
        "if the image itself sets %1$s, the injected value hides it: then set %1$s in the pod, and %2$s"
            .formatted(variables, then));
  }

  /** What is told when a pod that the namespace's LimitRanges allow is none any more. */
  private static Optional<Finding> beyond(LimitRanges limits, PodDraft draft, Accepted language) {
    Choice choice = language.choice();
    return limits
        .breach(draft.use())
        .map(breach ->
            Finding.warning(
                Reasons.LIMIT_RANGE_EXCEEDED,
                choice.plugin().id(),
                "",
                "the pod starts without "
                    + choice.plugin().language().title()
                    + ", with which the namespace's LimitRange would not admit it: "
                    + breach,
                "have Instrumentation "
                    + choice.instrumentation().reference()
                    + " ask for other resources, or change the LimitRange"));
  }

  /** Nothing that was edited counts: the pod is refused, or decided about without the language. */
  private Result without(
      Finding forbidden,
      ObjectNode pod,
      PodFacts facts,
      Map<String, Finding> failed,
      Selection selection) {
    if (isRefusal(forbidden) && settings.onError() == OnError.REJECT) {
      return new Result(List.of(forbidden), List.of(), selection.observed(), Optional.empty());
    }
    Map<String, Finding> without = new HashMap<>(failed);
    without.put(forbidden.language(), forbidden.asWarning());
    return inject(pod, facts, without);
  }

  private InjectionDraft inject(
      Accepted language,
      PodDraft draft,
      QosClass qos,
      LimitRanges limits,
      EphemeralStorage storage) {
    InjectionDraft injection =
        new InjectionDraft(
            draft,
            language.choice().plugin().language(),
            language.choice().instrumentation(),
            language.choice().section(),
            settings,
            qos,
            language.delivery(),
            limits,
            storage,
            language.targets());
    language.choice().plugin().inject(injection);
    injection.finish();
    return injection;
  }

  private static Injected injected(Accepted language, AgentDelivery delivered) {
    Instrumentation instrumentation = language.choice().instrumentation();
    return new Injected(
        language.choice().plugin().id(),
        instrumentation.reference(),
        instrumentation.generation(),
        delivered,
        language.targets().stream().map(TargetView::name).toList());
  }

  /** Leaves the mark by which the pod is known as injected, now and when somebody asks why. */
  private static void mark(PodDraft draft, List<Injected> injected) {
    ObjectNode mark = JsonNodeFactory.instance.objectNode().put("decision", Reasons.INJECTED);
    ObjectNode languages = mark.putObject("languages");
    for (Injected language : injected) {
      ObjectNode entry =
          languages
              .putObject(language.language())
              .put("instrumentation", language.instrumentation())
              .put("generation", language.generation());
      if (language.delivery() != AgentDelivery.COPY) {
        entry.put("delivery", language.delivery().value());
      }
      language.containers().forEach(entry.putArray("containers")::add);
    }
    // Not toString(): Jackson makes an ObjectMapper for it, which takes longer than the injection.
    String text = new String(Json.write(mark), StandardCharsets.UTF_8);
    draft.annotate(Annotations.MARK, text, new Origin("", "mark what was done", "Graft"));
  }
}
