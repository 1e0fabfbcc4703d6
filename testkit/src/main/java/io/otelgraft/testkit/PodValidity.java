package io.otelgraft.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Whether a Kubernetes API server would accept a pod.
 *
 * <p>It judges as Kubernetes {@value #KUBERNETES} does when a pod is created with strict field
 * validation: shape of the OpenAPI document, defaults, then the rules of {@code
 * pkg/apis/core/validation}, with the feature gates as they are by default and privileged
 * containers allowed. The sources of rules are named by function. Admission plugins and what other
 * objects say are out of its sight. The agreement with Kubernetes' own code is a test; {@code
 * testkit/src/kubernetes/README.md} says how its verdicts are made.
 *
 * <p>A pod may lack what the request supplies: the namespace, and the service account that
 * admission fills in.
 */
public final class PodValidity {
  /** The version whose rules these are. */
  public static final String KUBERNETES = "1.36";

  private PodValidity() {}

  /**
   * Everything wrong with a pod.
   *
   * @param pod the object with {@code metadata} and {@code spec}; {@code apiVersion} and {@code
   *     kind} may be absent
   * @return empty for a valid pod. If the shape is wrong (unknown fields, wrong types), that only:
   *     like the API server, which applies the rules to what it could decode without an error
   */
  public static List<Problem> ofPod(JsonNode pod) {
    return judge(pod, PodValidity::podShape, PodRules::pod);
  }

  /**
   * Everything wrong with a pod template, such as {@code spec.template} of a Deployment. The rules
   * of the workload itself (that the selector matches, which restart policies it allows) are not
   * part of it.
   *
   * @param template the object with {@code metadata} and {@code spec}
   * @return empty for a valid template; if the shape is wrong, that only
   */
  public static List<Problem> ofTemplate(JsonNode template) {
    return judge(template, PodSchema::checkTemplate, PodRules::template);
  }

  private static List<Problem> judge(
      JsonNode object, Consumer<Field> shape, Consumer<Field> rules) {
    List<Problem> problems = new ArrayList<>();
    Field root = Field.root(object, problems);
    shape.accept(root);
    if (problems.isEmpty()) {
      rules.accept(root);
    }
    return List.copyOf(problems);
  }

  private static void podShape(Field pod) {
    PodSchema.checkPod(pod);
    is(pod.child("apiVersion"), "v1");
    is(pod.child("kind"), "Pod");
  }

  private static void is(Field field, String expected) {
    if (!field.isEmpty() && !field.text().equals(expected)) {
      field.wrongType(expected);
    }
  }
}
