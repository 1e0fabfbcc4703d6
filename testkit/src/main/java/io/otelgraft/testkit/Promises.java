package io.otelgraft.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.admission.Answer;
import io.otelgraft.core.admission.Reviewer;
import io.otelgraft.core.document.Documents;
import io.otelgraft.core.document.Json;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.spi.Language;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What Graft promises of each pod, for the plugins of a folder: whether it is kept for a pod of the
 * caller's, in a cluster of the caller's.
 */
public final class Promises {
  private static final String UID = "5d0a3c0e-2d3b-4e52-8c9e-7e9c3f1c2c11";

  private final Languages languages;

  private Promises(Languages languages) {
    this.languages = languages;
  }

  /**
   * For the plugins of a folder, each loaded in a layer of its own.
   *
   * @throws IllegalArgumentException if one of them cannot be used
   * @throws IllegalStateException if Graft is on the class path
   */
  public static Promises of(Path plugins) {
    return new Promises(Languages.in(plugins));
  }

  /** What the plugins declare, in Graft's order. */
  public List<Language> languages() {
    return languages.declared();
  }

  /**
   * Has Graft decide about the creation of a pod, and judges what becomes of it. The pod goes
   * through the review that an API server sends, as bytes.
   *
   * @param pod as it comes; it is not changed
   * @param resources the cluster's Instrumentations and Namespaces, as YAML
   * @param settings the operator's, by name
   * @throws IllegalArgumentException if the settings are not valid
   */
  public Judgement judge(ObjectNode pod, String resources, Map<String, String> settings) {
    Settings.Builder builder = Settings.builder();
    settings.forEach(builder::set);
    Story story =
        new Story("pod", pod, Documents.read("resources", resources).list(), builder.build());
    Trial trial = story.with(languages);
    List<String> breaches = new ArrayList<>();
    for (Guarantee guarantee : Guarantee.values()) {
      guarantee.breaches(trial).forEach(breach -> breaches.add(guarantee + ": " + breach));
    }
    Set<String> injected = new TreeSet<>();
    trial.languages().forEach(language -> injected.add(language.id()));
    return new Judgement(
        trial.decision().outcome().name(),
        trial.decision().reason(),
        trial.decision().message(),
        injected,
        PodValidity.ofPod(pod).isEmpty(),
        trial.before(),
        patch(story, breaches),
        trial.after(),
        breaches);
  }

  /** The patch as an API server gets it. */
  private JsonNode patch(Story story, List<String> breaches) {
    ObjectNode pod = story.template().tree();
    Answer answer =
        Reviewer.ofPods(story.admission(languages))
            .review(review(pod, story.template().namespace()));
    JsonNode response = Json.read(answer.body()).path("response");
    if (!response.path("uid").asText().equals(UID)) {
      breaches.add("the answer is not one to the review: " + answer.message());
    }
    String patch =
        response.has("patch")
            ? new String(
                Base64.getDecoder().decode(response.path("patch").asText()), StandardCharsets.UTF_8)
            : "[]";
    return Json.read(("{\"patch\":" + patch + "}").getBytes(StandardCharsets.UTF_8)).get("patch");
  }

  private static byte[] review(ObjectNode pod, String namespace) {
    ObjectNode review = JsonNodeFactory.instance.objectNode();
    review.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
    ObjectNode request = review.putObject("request").put("uid", UID);
    request.putObject("kind").put("group", "").put("version", "v1").put("kind", "Pod");
    request.putObject("resource").put("group", "").put("version", "v1").put("resource", "pods");
    request.put("operation", "CREATE").put("namespace", namespace);
    request.set("object", pod);
    return Json.write(review);
  }
}
