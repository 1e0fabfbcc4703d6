package io.otelgraft.core.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.resource.Instrumentation;
import io.otelgraft.core.resource.InstrumentationReader;
import io.otelgraft.core.resource.Problem;
import io.otelgraft.core.resource.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Denies Instrumentations by which no pod could be injected, and warns about those that probably do
 * not mean what they say.
 *
 * <p>An update is held to less than a creation, so that no rule which came later, with a plugin or
 * a setting, keeps anybody from labelling, deleting or mending a resource: one that leaves {@code
 * spec} as it was is always allowed, and an error that was there before is only warned about, as
 * the API server ratchets the schemas of custom resources. A deletion has no object and never comes
 * here.
 *
 * @param catalogue the catalogue in force
 * @param settings the operator's settings in force
 * @see <a
 *     href="https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-ratcheting">Validation
 *     ratcheting</a>
 */
record InstrumentationValidation(Supplier<Catalogue> catalogue, Supplier<Settings> settings)
    implements Review {

  @Override
  public String subjects() {
    return Instrumentation.RESOURCE;
  }

  @Override
  public boolean covers(AdmissionRequest request) {
    return request.isAbout(Instrumentation.GROUP, Instrumentation.RESOURCE, Instrumentation.KIND);
  }

  @Override
  public Ruling rule(AdmissionRequest request, ObjectNode instrumentation) {
    Optional<ObjectNode> before = request.oldObject();
    if (before.filter(old -> old.path("spec").equals(instrumentation.path("spec"))).isPresent()) {
      return Ruling.ALLOWED;
    }
    InstrumentationReader reader = InstrumentationReader.of(catalogue.get(), settings.get());
    List<Problem> problems = reader.read(instrumentation, request.namespace()).problems();
    List<Problem> errors = problems.stream().filter(Problem::isError).toList();
    List<Problem> known =
        errors.isEmpty() || before.isEmpty()
            ? List.of()
            : reader.read(before.get(), request.namespace()).problems();
    List<Problem> added = errors.stream().filter(error -> !known.contains(error)).toList();
    List<String> warnings = warnings(problems, added);
    return added.isEmpty()
        ? Ruling.allowed(warnings)
        : Ruling.denied(
            Status.invalid(
                Instrumentation.GROUP,
                Instrumentation.KIND,
                request.subject().name(),
                message(request, added),
                added),
            warnings);
  }

  private static List<String> warnings(List<Problem> problems, List<Problem> denied) {
    List<String> warnings = new ArrayList<>(problems.size());
    for (Problem problem : problems) {
      if (!problem.isError()) {
        warnings.add("graft: " + problem);
      } else if (!denied.contains(problem)) {
        warnings.add("graft: as before, no pod can be injected by this: " + problem);
      }
    }
    return warnings;
  }

  private static String message(AdmissionRequest request, List<Problem> errors) {
    return "Instrumentation %s/%s is not valid: %s"
        .formatted(
            request.namespace(),
            request.subject().name(),
            String.join("; also: ", errors.stream().map(Problem::toString).toList()));
  }
}
