package io.otelgraft.core.injection;

import io.otelgraft.core.injection.Owner.Kind;
import io.otelgraft.core.injection.Selection.Choice;
import io.otelgraft.core.resource.Resources;
import io.otelgraft.core.resource.Resources.ControlledBy;
import io.otelgraft.core.resource.Resources.Controller;
import io.otelgraft.core.resource.Resources.Owned;
import io.otelgraft.core.resource.Resources.Uncontrolled;
import io.otelgraft.core.resource.Resources.Untold;
import java.util.List;
import java.util.Optional;

/**
 * What names do not tell of a pod's owners: the UID of a Deployment or CronJob, where a resource
 * asks for UIDs, and the CronJob of a Job that was made by hand. The cluster is asked for that, if
 * there is one, and what it says counts before what the names do. Without an answer it is left out.
 */
final class OwnersInCluster {

  private OwnersInCluster() {}

  /**
   * What is known of a pod, with what controls its owner.
   *
   * @param choices what is to be injected; nobody is asked for a pod that gets nothing
   * @param findings is told if there is no answer
   */
  static PodFacts of(
      PodFacts pod, List<Choice> choices, Resources resources, List<Finding> findings) {
    if (choices.isEmpty() || pod.owners().isEmpty()) {
      return pod;
    }
    Owner owner = pod.owners().getFirst();
    boolean named = pod.owners().size() > 1;
    boolean uids =
        choices.stream().anyMatch(choice -> choice.instrumentation().addK8sUidAttributes());
    if (owner.uid().isEmpty() || !isControlled(owner) || (named && !uids)) {
      return pod;
    }
    Optional<Controller> answer =
        resources.controllerOf(
            new Owned(
                pod.namespace(), owner.group(), owner.kind(), owner.name(), owner.uid().get()));
    if (answer.isEmpty()) {
      return pod;
    }
    return switch (answer.get()) {
      case ControlledBy by -> {
        Owner controller = new Owner(by.group(), by.kind(), by.name(), Optional.of(by.uid()));
        // Others are no workloads that the semantic conventions know, and may be anything.
        yield pod.ownedBy(
            controller.known().isPresent() ? List.of(owner, controller) : List.of(owner));
      }
      case Uncontrolled() -> pod.ownedBy(List.of(owner));
      case Untold untold -> {
        findings.add(
            Finding.note(
                Reasons.OWNER_UNTOLD,
                "",
                "",
                "who controls %s %s could not be asked, so %s: %s"
                    .formatted(
                        owner.kind(),
                        owner.name(),
                        named
                            ? "the UID of %s %s is left out"
                                .formatted(
                                    pod.owners().getLast().kind(), pod.owners().getLast().name())
                            : "attributes of that are left out, if there is anything",
                        untold.why())));
        yield pod;
      }
    };
  }

  /** Whether it is of a kind that controllers make. */
  private static boolean isControlled(Owner owner) {
    return owner.is(Kind.REPLICA_SET) || owner.is(Kind.JOB);
  }
}
