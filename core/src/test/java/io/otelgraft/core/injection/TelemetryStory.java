package io.otelgraft.core.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Documents;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.resource.EnvVar;
import io.otelgraft.core.resource.Instrumentation;
import io.otelgraft.core.resource.InstrumentationReader;
import io.otelgraft.core.resource.LanguageSection;
import io.otelgraft.core.resource.NamespaceFacts;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import io.otelgraft.spi.Protocol;
import io.otelgraft.spi.Variable;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A pod and a resource as users write them, and the telemetry of the pod's first container. */
final class TelemetryStory {
  /** Speaks both protocols. */
  static final Language LISP =
      Language.named("lisp").section("lisp").image("agents.example/lisp", "1.0").build();

  /** Has no gRPC in its default image. */
  static final Language COBOL =
      Language.named("cobol")
          .title("Cobol")
          .section("cobol")
          .image("agents.example/cobol", "1.0")
          .protocols(Protocol.HTTP_PROTOBUF)
          .build();

  private static final Catalogue CATALOGUE = Catalogue.of(() -> LISP, (LanguagePlugin) () -> COBOL);

  private final String pod;
  private String spec = "{}";
  private Optional<NamespaceFacts> namespace = Optional.empty();
  private UnaryOperator<Settings.Builder> settings = UnaryOperator.identity();
  private List<Language> languages = List.of(LISP);

  private TelemetryStory(String pod) {
    this.pod = pod;
  }

  /** A pod of the namespace {@code shop}. */
  static TelemetryStory of(String pod) {
    return new TelemetryStory(pod);
  }

  /** A pod of the Deployment {@code cart} with one container, {@code app}, of cart:1.2. */
  static TelemetryStory ofDeployment(String... containerLines) {
    return of(
        """
        metadata:
          labels: {app: web, pod-template-hash: 7f9c}
          ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: cart-7f9c, uid: u1, controller: true}]
        spec:
          containers:
          - name: app
            image: example.io/cart:1.2
        """
            + String.join(
                "", Stream.of(containerLines).map(line -> "    " + line + "\n").toList()));
  }

  /** The {@code spec} of the resource {@code shop/main}. */
  TelemetryStory with(String resourceSpec) {
    spec = resourceSpec;
    return this;
  }

  TelemetryStory configured(UnaryOperator<Settings.Builder> by) {
    settings = by;
    return this;
  }

  TelemetryStory in(NamespaceFacts known) {
    namespace = Optional.of(known);
    return this;
  }

  TelemetryStory asTheOperatorDoes() {
    return configured(builder -> builder.compatibility(Settings.Convention.OPERATOR));
  }

  TelemetryStory in(Language... used) {
    languages = List.of(used);
    return this;
  }

  static ObjectNode tree(String yaml) {
    return Documents.read("test.yaml", yaml).list().getFirst().tree();
  }

  static Instrumentation instrumentation(String spec, Settings settings) {
    ObjectNode document =
        JsonNodeFactory.instance
            .objectNode()
            .put("apiVersion", "opentelemetry.io/v1alpha1")
            .put("kind", "Instrumentation");
    document.putObject("metadata").put("name", "main").put("namespace", "shop");
    document.set("spec", tree(spec));
    InstrumentationReader.Reading reading =
        InstrumentationReader.read(document, CATALOGUE, settings);
    return reading
        .instrumentation()
        .orElseThrow(() -> new AssertionError("not valid: " + reading.problems()));
  }

  ContainerTelemetry telemetry() {
    ObjectNode tree = tree(pod);
    JsonNode container = container(tree);
    Settings built = settings.apply(Settings.builder()).build();
    return ContainerTelemetry.of(
        PodFacts.of(tree, "shop"),
        namespace,
        ContainerFacts.of(container, false),
        new Env(container, instrumentation(spec, built)),
        languages,
        instrumentation(spec, built),
        built);
  }

  private static JsonNode container(ObjectNode pod) {
    return pod.path("spec").path("containers").get(0);
  }

  /** The container's env with the telemetry in it, in order. */
  List<EnvVar> env() {
    JsonNode container = container(tree(pod));
    EnvDraft draft = new EnvDraft("app", container.path("env"), container.path("envFrom"), false);
    for (Proposal proposal : telemetry().proposals()) {
      Origin origin = new Origin("lisp", proposal.rule(), proposal.source());
      switch (proposal.placement()) {
        case IF_ABSENT -> draft.setIfAbsent(proposal.variable(), proposal.rank(), origin);
        case FACT -> draft.setFact(proposal.variable(), proposal.rank(), origin);
        case INSTEAD -> draft.replace(proposal.variable(), proposal.rank(), origin);
        case BESIDE -> draft.setBeside(proposal.variable(), proposal.rank(), origin);
      }
    }
    List<EnvVar> env = new ArrayList<>();
    for (JsonNode entry : draft.finish("/env", new ArrayList<>(), new ArrayList<>())) {
      env.add(new EnvVar(entry.path("name").asText(), (ObjectNode) entry));
    }
    return env;
  }

  /** The names of the env, in order. */
  List<String> names() {
    return env().stream().map(EnvVar::name).toList();
  }

  /** The literal of a variable, as it stands in the pod; null if there is none. */
  String literal(String name) {
    String literal = null;
    for (EnvVar variable : env()) {
      if (variable.name().equals(name)) {
        literal = variable.literal().orElse(null);
      }
    }
    return literal;
  }

  /** The container as the kubelet starts it, without ConfigMaps and Secrets. */
  Started started() {
    return started(Map.of());
  }

  /**
   * The container as the kubelet starts it.
   *
   * @param keys what the keys of ConfigMaps and Secrets hold
   */
  Started started(Map<String, String> keys) {
    return Started.by(env(), keys);
  }

  /** As the editor of pods sees a container. */
  private record Env(JsonNode container, Instrumentation instrumentation) implements EnvLookup {
    @Override
    public Optional<EnvVar> own(String name) {
      Optional<EnvVar> last = Optional.empty();
      for (JsonNode entry : container.path("env")) {
        if (entry.path("name").asText().equals(name)) {
          last = Optional.of(new EnvVar(name, (ObjectNode) entry));
        }
      }
      return last;
    }

    @Override
    public Optional<EnvVar> find(String name) {
      return own(name)
          .or(() ->
              instrumentation.section("lisp").map(LanguageSection::env).orElse(List.of()).stream()
                  .filter(variable -> variable.name().equals(name))
                  .findFirst());
    }

    @Override
    public Optional<Variable> get(String name) {
      return find(name).map(EnvVar::toVariable);
    }

    @Override
    public boolean mayHoldUnseen(String name) {
      return envFrom().mayHold(name);
    }

    @Override
    public EnvFrom envFrom() {
      return new EnvFrom(container.path("envFrom"));
    }
  }

  /**
   * A process's environment.
   *
   * @param env as the process sees it
   */
  record Started(Map<String, String> env) {
    private static final Map<String, String> FIELDS =
        Map.of(
            "status.hostIP", "10.0.0.7",
            "status.podIP", "10.1.0.9",
            "metadata.name", "cart-7f9c-x2x4z",
            "metadata.uid", "uid-1",
            "spec.nodeName", "node-a",
            "metadata.annotations['attrs']", "team=annotated");

    /** Goes through the entries as the kubelet does. */
    static Started by(List<EnvVar> entries, Map<String, String> keys) {
      Map<String, String> env = new LinkedHashMap<>();
      for (EnvVar variable : entries) {
        JsonNode from = variable.entry().path("valueFrom");
        JsonNode key = from.path("configMapKeyRef");
        if (variable.literal().isPresent()) {
          env.put(variable.name(), expand(variable.literal().get(), env));
        } else if (from.has("fieldRef")) {
          env.put(variable.name(), FIELDS.get(from.at("/fieldRef/fieldPath").asText()));
        } else if (keys.containsKey(key.path("key").asText())) {
          env.put(variable.name(), keys.get(key.path("key").asText()));
        } else if (!key.path("optional").asBoolean()) {
          throw new AssertionError("the kubelet does not start " + variable);
        }
      }
      return new Started(env);
    }

    private static String expand(String text, Map<String, String> env) {
      StringBuilder expanded = new StringBuilder();
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        char next = c == '$' && i + 1 < text.length() ? text.charAt(i + 1) : 0;
        int end = next == '(' ? text.indexOf(')', i) : -1;
        if (next == '$') {
          expanded.append('$');
          i++;
        } else if (end > 0) {
          String reference = text.substring(i, end + 1);
          String name = text.substring(i + 2, end);
          expanded.append(env.getOrDefault(name, reference));
          i = end;
        } else {
          expanded.append(c);
        }
      }
      return expanded.toString();
    }

    String get(String name) {
      return env.get(name);
    }

    /** The attributes as a strict SDK reads them: the last of a key counts, none is malformed. */
    Map<String, String> attributes() {
      return decode(env.getOrDefault("OTEL_RESOURCE_ATTRIBUTES", ""));
    }

    /** The service's name as an SDK has it. */
    String service() {
      String name = env.getOrDefault("OTEL_SERVICE_NAME", "");
      return name.isEmpty() ? attributes().getOrDefault("service.name", "unknown_service") : name;
    }
  }

  /** Reads attributes with nothing in common with the code under test. */
  static Map<String, String> decode(String text) {
    Map<String, String> attributes = new LinkedHashMap<>();
    for (String pair : text.split(",", -1)) {
      if (!pair.isBlank()) {
        String[] parts = pair.split("=", -1);
        if (parts.length != 2 || parts[0].isBlank() || parts[1].isBlank()) {
          throw new AssertionError("an SDK refuses \"" + pair + "\" of " + text);
        }
        attributes.put(unescaped(parts[0]), unescaped(parts[1]));
      }
    }
    return attributes;
  }

  private static String unescaped(String text) {
    return URLDecoder.decode(text.strip().replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
