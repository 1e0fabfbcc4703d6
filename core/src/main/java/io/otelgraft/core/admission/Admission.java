package io.otelgraft.core.admission;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.core.admission.Decision.Outcome;
import io.otelgraft.core.admission.PodRequest.Operation;
import io.otelgraft.core.injection.Annotations;
import io.otelgraft.core.injection.EditedPod;
import io.otelgraft.core.injection.Finding;
import io.otelgraft.core.injection.Injector;
import io.otelgraft.core.injection.Journal;
import io.otelgraft.core.injection.MalformedPodException;
import io.otelgraft.core.injection.PodFacts;
import io.otelgraft.core.injection.Reasons;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.plugin.Deadline;
import io.otelgraft.core.plugin.Patience;
import io.otelgraft.core.plugin.PluginFailure;
import io.otelgraft.core.resource.Mode;
import io.otelgraft.core.resource.NamespaceFacts;
import io.otelgraft.core.resource.ResourceSource;
import io.otelgraft.core.resource.Settings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Decides about pods: the specification's decision tree over one catalogue of plugins and one view
 * of the resources.
 *
 * <p>A decision is a pure function, and always comes: a plugin that throws, or that has not
 * returned within its share of the time, is left out and the decision made anew, so that nothing of
 * its half-done work remains; and if Graft itself fails, the pod is admitted as it is, with a
 * warning.
 *
 * <p>Thread-safe.
 */
public final class Admission {
  private static final int MOST_TRIES = 4;

  private static final int MOST_OVERRUNS = 2;

  private final Supplier<Catalogue> catalogue;
  private final ResourceSource resources;
  private final Supplier<Settings> settings;
  private final Deadline deadline;
  private final Patience patience;

  /**
   * Decides with what these give at each admission.
   *
   * @param catalogue the catalogue in force
   * @param resources what is known of Instrumentations and namespaces
   * @param settings the operator's settings
   * @param deadline runs the plugins so that none of them can hold up an admission
   */
  public Admission(
      Supplier<Catalogue> catalogue,
      ResourceSource resources,
      Settings settings,
      Deadline deadline) {
    this(catalogue, resources, () -> settings, deadline);
  }

  /**
   * Decides with what these give at each admission, as a webhook has to.
   *
   * @param settings the operator's settings, in a cluster of which more may become known
   */
  public Admission(
      Supplier<Catalogue> catalogue,
      ResourceSource resources,
      Supplier<Settings> settings,
      Deadline deadline) {
    this(catalogue, resources, settings, deadline, Patience.OF_A_WEBHOOK);
  }

  /**
   * Decides with what these give at each admission.
   *
   * @param patience how long each decision may take
   */
  public Admission(
      Supplier<Catalogue> catalogue,
      ResourceSource resources,
      Supplier<Settings> settings,
      Deadline deadline,
      Patience patience) {
    this.catalogue = catalogue;
    this.resources = resources;
    this.settings = settings;
    this.deadline = deadline;
    this.patience = patience;
  }

  /** Decides about a pod, within two seconds for a webhook. Throws nothing. */
  public Decision decide(PodRequest request) {
    Catalogue plugins = catalogue.get();
    try {
      Injector injector = new Injector(plugins, resources.at(plugins), settings.get());
      Optional<Decision> early = withoutPlugins(request, injector);
      return early.isPresent() ? early.get() : withPlugins(request, injector);
    } catch (MalformedPodException e) {
      return unchanged(
          request,
          plugins,
          Reasons.MALFORMED_POD,
          "the pod is not one that the API server accepts: " + e.getMessage());
    } catch (RuntimeException | StackOverflowError e) {
      return graftFailed(request, plugins, e);
    }
  }

  /** The branches of the decision tree that need no plugin; most pods end here. */
  private Optional<Decision> withoutPlugins(PodRequest request, Injector injector) {
    PodFacts facts = request.facts();
    Catalogue plugins = injector.catalogue();
    if (!injector.isAsked(facts)) {
      return Optional.of(
          unchanged(
              request,
              plugins,
              Reasons.NOT_ANNOTATED,
              "neither the pod nor its namespace asks for a language"));
    }
    NamespaceFacts namespace =
        injector
            .resources()
            .namespace(facts.namespace())
            .orElseGet(() -> new NamespaceFacts(facts.namespace(), Map.of(), Map.of()));
    Optional<String> exclusion = settings.get().exclusion(namespace);
    if (exclusion.isPresent()) {
      return Optional.of(
          unchanged(
              request,
              plugins,
              Reasons.NAMESPACE_EXCLUDED,
              "namespace " + facts.namespace() + " is left alone: " + exclusion.get()));
    }
    Optional<String> mark = Marks.on(request.pod(), facts, plugins);
    if (mark.isPresent()) {
      return Optional.of(unchanged(request, plugins, Reasons.ALREADY_INJECTED, mark.get()));
    }
    if (request.operation() != Operation.CREATE) {
      return Optional.of(update(request, injector));
    }
    return unfit(request, plugins);
  }

  private Optional<Decision> unfit(PodRequest request, Catalogue plugins) {
    JsonNode spec = request.pod().path("spec");
    Map<String, String> annotations = request.facts().annotations();
    String priority = spec.path("priorityClassName").asText();
    if (annotations.containsKey(Annotations.MIRROR)
        || priority.equals("system-node-critical")
        || priority.equals("system-cluster-critical")) {
      return Optional.of(
          unchanged(
              request,
              plugins,
              Reasons.SYSTEM_POD,
              "mirror pods and pods of a system-critical priority class are left alone"));
    }
    if (WindowsPods.isOne(spec)) {
      return Optional.of(
          warned(
              request,
              plugins,
              Reasons.WINDOWS_POD,
              "the agents are for Linux; the pod runs on Windows"));
    }
    if (spec.path("containers").isEmpty()) {
      return Optional.of(
          unchanged(request, plugins, Reasons.MALFORMED_POD, "the pod has no containers"));
    }
    return Optional.empty();
  }

  /** Env, volumes and containers of a pod cannot change; an annotation that comes late says so. */
  private Decision update(PodRequest request, Injector injector) {
    Catalogue plugins = injector.catalogue();
    boolean wasAsked =
        request
            .before()
            .map(before -> PodFacts.of(before, request.facts().namespace()))
            .map(injector::isAsked)
            .orElse(true);
    String message =
        "the pod exists, and what injection adds cannot be added to it any more; put the"
            + " annotation on the pod template of the workload";
    return wasAsked || request.operation() == Operation.OTHER
        ? unchanged(request, plugins, Reasons.POD_EXISTS, message)
        : warned(request, plugins, Reasons.POD_EXISTS, message);
  }

  /** Injects, leaving out one plugin after the other that fails. */
  private Decision withPlugins(PodRequest request, Injector injector) {
    Map<String, Finding> failed = new HashMap<>(0);
    int overruns = 0;
    for (int tries = 1; tries <= MOST_TRIES; tries++) {
      try {
        return decided(request, injector, attempt(request, injector, failed, tries));
      } catch (PluginFailure failure) {
        failed.put(failure.language(), Finding.pluginFailed(failure));
      } catch (Deadline.Overrun e) {
        // A machine that stood still goes on; a loop of Graft's own would cost one thread after the
        // other.
        if (++overruns == MOST_OVERRUNS) {
          return warned(
              request,
              injector.catalogue(),
              Reasons.GRAFT_FAILED,
              "Graft did not decide in time, so the pod starts without what it asks for; unless"
                  + " the machine is starved, please report this: "
                  + e.getMessage());
        }
      } catch (TimeoutException e) {
        // No thread was free for long. If all were stuck in a plugin that has been set aside since,
        // there are others now.
      }
    }
    if (failed.isEmpty()) {
      return warned(
          request,
          injector.catalogue(),
          Reasons.GRAFT_FAILED,
          "Graft was too busy to decide in time, so the pod starts without what it asks for");
    }
    return warned(
        request,
        injector.catalogue(),
        Reasons.PLUGIN_FAILED,
        "several language plugins failed, so the pod starts without what it asks for: "
            + String.join("; ", failed.values().stream().map(Finding::message).toList()));
  }

  private Injector.Result attempt(
      PodRequest request, Injector injector, Map<String, Finding> failed, int tries)
      throws TimeoutException {
    Map<String, Finding> without = Map.copyOf(failed);
    return deadline.run(
        tries == 1 ? patience.firstTry() : patience.eachFurtherTry(),
        () -> injector.inject(request.pod(), request.facts(), without));
  }

  private Decision decided(PodRequest request, Injector injector, Injector.Result result) {
    boolean observed = settings.get().mode() == Mode.OBSERVE || result.observed();
    Optional<Finding> refusal =
        result.findings().stream()
            .filter(finding -> finding.severity() == Finding.Severity.REFUSAL)
            .findFirst();
    if (refusal.isPresent()) {
      return new Decision(
          observed ? Outcome.OBSERVED : Outcome.REJECTED,
          refusal.get().reason(),
          refusals(result.findings()),
          observed ? asWarnings(result.findings()) : result.findings(),
          List.of(),
          request.pod(),
          List.of(),
          Journal.EMPTY,
          injector.catalogue().generation());
    }
    if (result.edited().isEmpty()) {
      Finding last = result.findings().getLast();
      return new Decision(
          Outcome.UNCHANGED,
          last.reason(),
          last.message(),
          result.findings(),
          List.of(),
          request.pod(),
          List.of(),
          Journal.EMPTY,
          injector.catalogue().generation());
    }
    EditedPod edited = result.edited().get();
    return new Decision(
        observed ? Outcome.OBSERVED : Outcome.INJECTED,
        Reasons.INJECTED,
        summary(result, observed),
        result.findings(),
        result.injected(),
        edited.pod(),
        observed ? List.of() : edited.patch(),
        edited.journal(),
        injector.catalogue().generation());
  }

  private static String refusals(List<Finding> findings) {
    return String.join(
        "; also: ",
        findings.stream()
            .filter(finding -> finding.severity() == Finding.Severity.REFUSAL)
            .map(Finding::text)
            .toList());
  }

  private static List<Finding> asWarnings(List<Finding> findings) {
    return findings.stream()
        .map(finding ->
            finding.severity() == Finding.Severity.REFUSAL ? finding.asWarning() : finding)
        .toList();
  }

  private static String summary(Injector.Result result, boolean observed) {
    StringBuilder text = new StringBuilder(observed ? "would inject " : "injected ");
    for (int i = 0; i < result.injected().size(); i++) {
      var one = result.injected().get(i);
      text.append(i == 0 ? "" : ", ")
          .append(one.language())
          .append(" into ")
          .append(String.join(" and ", one.containers()))
          .append(" by ")
          .append(one.instrumentation());
    }
    return text.toString();
  }

  private static Decision unchanged(
      PodRequest request, Catalogue plugins, String reason, String message) {
    return new Decision(
        Outcome.UNCHANGED,
        reason,
        message,
        List.of(),
        List.of(),
        request.pod(),
        List.of(),
        Journal.EMPTY,
        plugins.generation());
  }

  private static Decision warned(
      PodRequest request, Catalogue plugins, String reason, String message) {
    return new Decision(
        Outcome.UNCHANGED,
        reason,
        message,
        List.of(Finding.aboutPod(reason, message)),
        List.of(),
        request.pod(),
        List.of(),
        Journal.EMPTY,
        plugins.generation());
  }

  private static Decision graftFailed(PodRequest request, Catalogue plugins, Throwable e) {
    return warned(
        request,
        plugins,
        Reasons.GRAFT_FAILED,
        "Graft failed, so the pod starts without what it asks for; please report this: "
            + describe(e));
  }

  /** What a bug of Graft's looks like in a line. */
  static String describe(Throwable bug) {
    StackTraceElement[] trace = bug.getStackTrace();
    return bug + (trace.length == 0 ? "" : " at " + trace[0]);
  }
}
