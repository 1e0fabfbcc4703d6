package io.otelgraft.core.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.resource.InstrumentationReader.Reading;
import io.otelgraft.core.resource.Resources.Accepted;
import io.otelgraft.core.resource.Resources.Invalid;
import io.otelgraft.core.resource.Resources.Lookup;
import java.util.List;
import java.util.Optional;

/**
 * The generation of an {@code Instrumentation} that stays in force while newer ones are not valid:
 * whoever edits a resource must not be able to stop pods with a slip of the pen.
 *
 * <p>What is kept is the document, not what was read from it: that holds for the languages of one
 * catalogue only, and is read anew for another. Immutable.
 */
public final class LastAccepted {

  private final ObjectNode document;

  private LastAccepted(ObjectNode document) {
    this.document = document;
  }

  /**
   * What to keep of an object before it changes.
   *
   * @param before what there was of it until now
   * @return empty if no generation of it was ever valid
   */
  public static Optional<LastAccepted> of(Lookup before) {
    return before instanceof Accepted accepted
        ? Optional.of(new LastAccepted(accepted.instrumentation().document()))
        : Optional.empty();
  }

  /**
   * What there is of an object from now on.
   *
   * @param newest its newest generation
   * @param reading what came of that
   * @param last what was kept of it; does not count if it is of another object, which had the same
   *     name before and another {@code metadata.uid}
   * @param reader by which the newest was read
   * @param defaultNamespace where a resource stands that names no namespace
   * @return the newest if it is valid; else the last accepted, with the problems of the newest;
   *     else the problems alone, also if the last accepted is not valid for the reader's languages
   */
  public static Lookup inForce(
      ObjectNode newest,
      Reading reading,
      Optional<LastAccepted> last,
      InstrumentationReader reader,
      String defaultNamespace) {
    if (reading.instrumentation().isPresent()) {
      return new Accepted(reading.instrumentation().get(), List.of());
    }
    return last.map(kept -> kept.document)
        .filter(document -> uid(document).equals(uid(newest)))
        .flatMap(document -> reader.read(document, defaultNamespace).instrumentation())
        .<Lookup>map(accepted -> new Accepted(accepted, reading.problems()))
        .orElseGet(() -> new Invalid(reading.problems()));
  }

  private static String uid(ObjectNode object) {
    return object.path("metadata").path("uid").asText();
  }
}
