package io.otelgraft.core.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.flipkart.zjsonpatch.JsonPatch;
import io.otelgraft.core.document.Document;
import io.otelgraft.core.document.Documents;
import io.otelgraft.core.document.Json;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.plugin.Deadline;
import io.otelgraft.core.resource.FileResources;
import io.otelgraft.core.resource.ResourceSource;
import io.otelgraft.core.resource.Resources;
import io.otelgraft.core.resource.Resources.Controller;
import io.otelgraft.core.resource.Resources.Owned;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.spi.AgentSource;
import io.otelgraft.spi.Injection;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import io.otelgraft.spi.ListVariable;
import io.otelgraft.spi.ListVariable.EmptyItem;
import io.otelgraft.spi.Target;
import io.otelgraft.spi.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A cluster in a few lines of YAML, with made-up languages, and what becomes of a pod in it. */
final class Scene {
  /** An Instrumentation of namespace shop, for scenes that need no special one. */
  static final String INSTRUMENTATION =
      """
      apiVersion: opentelemetry.io/v1alpha1
      kind: Instrumentation
      metadata: {name: standard, namespace: shop}
      spec: {exporter: {endpoint: "http://collector:4318"}}
      """;

  static final ListVariable OPTIONS = ListVariable.of("QUILL_OPTIONS", " ", EmptyItem.NOTHING);

  private final List<LanguagePlugin> plugins = new ArrayList<>();
  private final List<String> resources = new ArrayList<>();
  private final Settings.Builder settings = Settings.builder();
  private Function<Owned, Optional<Controller>> owners = _ -> Optional.empty();

  /** With the languages quill and ember, each with an agent, and kit, which has none. */
  static Scene standard() {
    return new Scene()
        .with(new MadeUp("quill", 10))
        .with(new MadeUp("ember", 20))
        .with(() -> Language.named("kit").order(30).build())
        .with(INSTRUMENTATION);
  }

  static Scene empty() {
    return new Scene();
  }

  Scene with(LanguagePlugin plugin) {
    plugins.add(plugin);
    return this;
  }

  Scene with(String yaml) {
    resources.add(yaml);
    return this;
  }

  Scene set(String name, String value) {
    settings.set(name, value);
    return this;
  }

  /** In a cluster that says this of who controls what. */
  Scene controlled(Function<Owned, Optional<Controller>> by) {
    owners = by;
    return this;
  }

  Admission admission() {
    Settings built = settings.build();
    Catalogue catalogue = Catalogue.of(plugins.toArray(LanguagePlugin[]::new));
    List<Document> documents = Documents.read("scene", String.join("---\n", resources)).list();
    ResourceSource files = FileResources.of(documents, "default", built);
    return new Admission(
        () -> catalogue, of -> inCluster(files.at(of), owners), built, new Deadline());
  }

  /** What stands in the scene, and what a cluster says beside it. */
  private static Resources inCluster(
      Resources scene, Function<Owned, Optional<Controller>> owners) {
    return new ForwardingResources(scene) {
      @Override
      public Optional<Controller> controllerOf(Owned object) {
        return owners.apply(object);
      }
    };
  }

  /** What becomes of a pod of namespace shop; the patch is checked on the way. */
  Decision decide(String pod) {
    return decide(PodTemplate.in(tree(pod), "shop").getFirst().request());
  }

  Decision decide(PodRequest request) {
    ObjectNode before = request.pod().deepCopy();
    Decision decision = admission().decide(request);
    if (!request.pod().equals(before)) {
      throw new AssertionError("the pod that came in was edited");
    }
    if (decision.outcome() != Decision.Outcome.OBSERVED) {
      JsonNode patched = JsonPatch.apply(Reviewer.patch(decision.patch()), before);
      if (!patched.equals(decision.pod())) {
        throw new AssertionError("patch gives " + patched + ", not " + decision.pod());
      }
    }
    return decision;
  }

  static ObjectNode tree(String yaml) {
    return Documents.read("pod", yaml).list().getFirst().tree();
  }

  /**
   * The review that an API server sends of an object of namespace shop.
   *
   * @param resource as in rules: {@code pods}, {@code deployments/scale}
   * @param object YAML of the object as it is to be
   * @param oldObject YAML of the object as it was
   */
  static byte[] review(String resource, String operation, String object, String oldObject) {
    ObjectNode review = JsonNodeFactory.instance.objectNode();
    review.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
    ObjectNode request = review.putObject("request").put("uid", "u-1").put("operation", operation);
    JsonNode before = tree("it: " + indented(oldObject)).path("it");
    JsonNode after = tree("it: " + indented(object)).path("it");
    JsonNode named = after.isObject() ? after : before;
    String[] apiVersion = named.path("apiVersion").asText().split("/", 2);
    String group = apiVersion.length == 1 ? "" : apiVersion[0];
    String[] parts = resource.split("/", 2);
    request.putObject("kind").put("group", group).put("kind", named.path("kind").asText());
    request.putObject("resource").put("group", group).put("resource", parts[0]);
    if (parts.length > 1) {
      request.put("subResource", parts[1]);
    }
    request.put("namespace", "shop").put("name", named.at("/metadata/name").asText());
    request.putObject("userInfo").put("username", "jane");
    request.set("object", after);
    request.set("oldObject", before);
    return Json.write(review);
  }

  private static String indented(String yaml) {
    return "\n" + yaml.indent(2);
  }

  /** A pod of namespace shop with one container. */
  static String pod(String annotations) {
    return pod(annotations, "[{name: app, image: 'app:1.2'}]");
  }

  static String pod(String annotations, String containers) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: cart, namespace: shop, annotations: {%s}}
    spec: {containers: %s}
    """
        .formatted(annotations, containers);
  }

  /** The annotation that asks for a language. */
  static String inject(String language, String value) {
    return "instrumentation.opentelemetry.io/inject-" + language + ": '" + value + "'";
  }

  /** A language with an agent in a folder, and behaviour that a test can change. */
  static class MadeUp implements LanguagePlugin {
    private final String id;
    private final int order;
    private BiConsumer<Target, Verdict> examination = (target, verdict) -> {};
    private Consumer<Injection> injection = this::attach;
    private UnaryOperator<Language.Builder> declaration = UnaryOperator.identity();

    MadeUp(String id, int order) {
      this.id = id;
      this.order = order;
    }

    MadeUp examining(BiConsumer<Target, Verdict> how) {
      examination = how;
      return this;
    }

    MadeUp injecting(Consumer<Injection> how) {
      injection = how;
      return this;
    }

    MadeUp declaring(UnaryOperator<Language.Builder> more) {
      declaration = more;
      return this;
    }

    @Override
    public Language language() {
      return declaration
          .apply(
              Language.named(id)
                  .title(id.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + id.substring(1))
                  .section(id)
                  .image("example.org/" + id, "1.0")
                  .joins(OPTIONS)
                  .order(order))
          .build();
    }

    @Override
    public void examine(Target target, Verdict verdict) {
      examination.accept(target, verdict);
    }

    @Override
    public void inject(Injection in) {
      injection.accept(in);
    }

    void attach(Injection in) {
      var agent = in.agent(AgentSource.directory(in.section().image(), "/agent"));
      for (Target target : in.targets()) {
        var container = in.edit(target);
        container.env().append(OPTIONS, "--" + id + "=" + agent.mountIn(container));
      }
    }
  }
}
