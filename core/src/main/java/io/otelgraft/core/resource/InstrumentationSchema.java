package io.otelgraft.core.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.plugin.LoadedPlugin;
import io.otelgraft.core.resource.Instrumentation.Action;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.Protocol;
import io.otelgraft.spi.Setting;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The definition of {@code Instrumentation}, generated from what the plugins declare. Group, names,
 * columns and fields are those that users of the OpenTelemetry Operator know, in the same order:
 * fields by name. Graft adds {@code spec.mode}, {@code spec.agentDelivery}, {@code
 * spec.exporter.protocol}, the list form of {@code spec.resource.resourceAttributes}, and takes
 * both {@code resources} and {@code resourceRequirements} in each language's section.
 *
 * <p>Nothing has a default in the schema: defaults are applied when a pod is decided on, and a
 * user's spec is never rewritten.
 *
 * <p>What a schema cannot say and CEL can, {@link Rules} adds, so that an API server refuses it
 * where no webhook is asked.
 */
public final class InstrumentationSchema {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private InstrumentationSchema() {}

  /**
   * The CustomResourceDefinition for the languages of a catalogue; a new tree each time.
   *
   * @see <a
   *     href="https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema">structural
   *     schemas</a>
   */
  public static ObjectNode definition(Catalogue catalogue) {
    ObjectNode definition = NODES.objectNode();
    definition.put("apiVersion", "apiextensions.k8s.io/v1");
    definition.put("kind", "CustomResourceDefinition");
    definition
        .putObject("metadata")
        .put("name", Instrumentation.RESOURCE + "." + Instrumentation.GROUP);
    ObjectNode spec = definition.putObject("spec");
    spec.put("group", Instrumentation.GROUP);
    ObjectNode names = spec.putObject("names");
    names.put("kind", Instrumentation.KIND);
    names.put("listKind", "InstrumentationList");
    names.put("plural", Instrumentation.RESOURCE);
    names.putArray("shortNames").add("otelinst").add("otelinsts");
    names.put("singular", "instrumentation");
    spec.put("scope", "Namespaced");
    ObjectNode version = spec.putArray("versions").addObject();
    ArrayNode columns = version.putArray("additionalPrinterColumns");
    columns.add(column("Age", "date", ".metadata.creationTimestamp"));
    columns.add(column("Endpoint", "string", ".spec.exporter.endpoint"));
    columns.add(column("Sampler", "string", ".spec.sampler.type"));
    columns.add(column("Sampler Arg", "string", ".spec.sampler.argument"));
    columns.add(column("Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status"));
    version.put("name", Instrumentation.VERSION);
    version.putObject("schema").set("openAPIV3Schema", root(catalogue));
    version.put("served", true);
    version.put("storage", true);
    version.putObject("subresources").putObject("status");
    return definition;
  }

  private static ObjectNode column(String name, String type, String path) {
    return NODES.objectNode().put("jsonPath", path).put("name", name).put("type", type);
  }

  private static ObjectNode root(Catalogue catalogue) {
    return object(
        "How the pods that name it are instrumented with OpenTelemetry.",
        Map.of(
            "apiVersion", text("Version of this object's schema."),
            "kind", text("Kind of this object."),
            "metadata", NODES.objectNode().put("type", "object"),
            "spec", spec(catalogue),
            "status", status()));
  }

  private static ObjectNode status() {
    ObjectNode condition =
        object(
            "",
            Map.of(
                "lastTransitionTime", text("Since when it is so.").put("format", "date-time"),
                "message", text("Why, in words."),
                "observedGeneration", number("The generation that was looked at."),
                "reason", text("Why, in a word."),
                "status", choice("Whether it is so.", List.of("True", "False", "Unknown")),
                "type", text("Accepted or Ready.")));
    condition.putArray("required").add("type").add("status");
    ObjectNode conditions =
        listOf(
            condition,
            "Whether the newest generation is valid (Accepted), and whether pods are injected by one"
                + " (Ready).");
    conditions.putArray("x-kubernetes-list-map-keys").add("type");
    conditions.put("x-kubernetes-list-type", "map");
    ObjectNode language =
        object(
            "",
            Map.of(
                "delivery",
                    choice(
                        "How the agent gets into pods that do not say.",
                        Arrays.stream(AgentDelivery.values()).map(AgentDelivery::value).toList()),
                "endpoint", text("Where telemetry goes: OTEL_EXPORTER_OTLP_ENDPOINT."),
                "env",
                    listOf(
                        kubernetes("core/v1.EnvVar", ""),
                        "Other variables that pods get which do not set them, apart from what"
                            + " differs between pods and what loads the agent."),
                "image", text("The agent's image."),
                "protocol", text("How it goes there: OTEL_EXPORTER_OTLP_PROTOCOL."),
                "resources",
                    kubernetes(
                        "core/v1.ResourceRequirements",
                        "What the containers that deliver it ask for.")));
    return object(
        "What was observed.",
        Map.of(
            "conditions", conditions,
            "languages", mapOf(language, "What each language comes to, defaults included."),
            "observedGeneration", number("The generation that all of this is about."),
            "pods", standing("pods"),
            "upgradeBlockedVersions",
                mapOf(text(""), "Why agents are not upgraded automatically, by language."),
            "workloads", standing("workloads")));
  }

  private static ObjectNode standing(String what) {
    return object(
        "How many " + what + " there are of it.",
        Map.of(
            "injected", number("Injected by this generation."),
            "notInjected", number("Asking for it, and started without one of their languages."),
            "outdated", number("Injected by an older generation.")));
  }

  /** The schema of {@code spec} alone. */
  static ObjectNode spec(Catalogue catalogue) {
    Map<String, ObjectNode> fields = new TreeMap<>();
    for (LoadedPlugin plugin : catalogue.languages()) {
      plugin.language().section().ifPresent(key -> fields.put(key, section(plugin.language())));
    }
    fields.put(
        "agentDelivery",
        choice(
            "How agents get into containers: copied by an init container (copy), or mounted from"
                + " their images (image-volume).",
            Arrays.stream(AgentDelivery.values()).map(AgentDelivery::value).toList()));
    fields.put(
        "allowedNamespaces",
        listOf(
            text(""),
            "Other namespaces whose pods may use it; * stands for any characters. All unless set."));
    fields.put("defaults", defaults());
    fields.put(
        "env", env("Environment variables for all languages; those of a language rank higher."));
    fields.put("exporter", exporter());
    fields.put("imageEnv", imageEnv());
    fields.put(
        "imagePullPolicy",
        choice("When the agents' images are pulled.", List.of("Always", "IfNotPresent", "Never")));
    fields.put(
        "initContainerSecurityContext",
        kubernetes(
            "core/v1.SecurityContext",
            "Security context of the containers that deliver agents; the instrumented container's"
                + " unless set."));
    fields.put(
        "mode",
        choice(
            "Whether pods are injected (enforce), or it is only told what would be done (observe).",
            Arrays.stream(Mode.values()).map(Mode::value).toList()));
    fields.put(
        "propagators",
        listOf(
            choice("", Instrumentation.PROPAGATORS),
            "How the context of a trace travels between services: OTEL_PROPAGATORS."));
    fields.put("resource", resource());
    fields.put("sampler", sampler());
    return object("What is wanted.", fields);
  }

  private static ObjectNode defaults() {
    return object(
        "How values are found that nobody gives.",
        Map.of(
            "useLabelsForResourceAttributes",
            flag("Whether the pod's app.kubernetes.io labels name the service and its version.")));
  }

  private static ObjectNode imageEnv() {
    ObjectNode variable =
        object(
            "",
            Map.of(
                "name", text("Name of the variable."), "value", text("Its value in the image.")));
    variable.putArray("required").add("name").add("value");
    ObjectNode item =
        object(
            "",
            Map.of(
                "env",
                listOf(variable, "What they set."),
                "image",
                text("The images; * stands for any characters. All unless set.")));
    item.putArray("required").add("env");
    return listOf(
        item,
        "What images set in their own environment, which counts as if pods had set it: graft"
            + " image-env reads it from an image.");
  }

  private static ObjectNode exporter() {
    return object(
        "Where telemetry goes.",
        Map.of(
            "endpoint",
            text("OTLP endpoint: OTEL_EXPORTER_OTLP_ENDPOINT. May hold ${...} variables."),
            "protocol",
            choice(
                "OTLP protocol: OTEL_EXPORTER_OTLP_PROTOCOL. By the endpoint's port unless set:"
                    + " 4317 grpc, 4318 http/protobuf.",
                Arrays.stream(Protocol.values()).map(Protocol::value).toList()),
            "tls",
            Rules.certificates(
                object(
                    "Certificates for the connection.",
                    Map.of(
                        "ca_file",
                        text(
                            "The CA: a key of the ConfigMap, else of the Secret, or an absolute path in"
                                + " the container."),
                        "cert_file",
                        text(
                            "The client's certificate: a key of the Secret, or an absolute path in the"
                                + " container."),
                        "configMapName",
                        text("ConfigMap in the pod's namespace with the CA."),
                        "key_file",
                        text(
                            "The client's key: a key of the Secret, or an absolute path in the"
                                + " container."),
                        "secretName",
                        text(
                            "Secret in the pod's namespace with the client's certificate and key, and"
                                + " perhaps the CA."))))));
  }

  private static ObjectNode resource() {
    ObjectNode attributes =
        described(
            "Resource attributes, as a map of texts, or as a list of key, value and action ("
                + String.join(", ", actions())
                + "). Values may hold ${...} variables.");
    // A map or a list: a structural schema cannot say so, and graft checks it.
    attributes.put("x-kubernetes-preserve-unknown-fields", true);
    return object(
        "What the telemetry is about.",
        Map.of(
            "addK8sUIDAttributes",
            flag("Whether the UIDs of the pod and its owners are added."),
            "resourceAttributes",
            attributes));
  }

  static List<String> actions() {
    return Arrays.stream(Action.values())
        .map(action -> action.name().toLowerCase(Locale.ROOT))
        .toList();
  }

  private static ObjectNode sampler() {
    return Rules.sampler(
        object(
            "Which traces are kept.",
            Map.of(
                "argument",
                text("Argument of the sampler: OTEL_TRACES_SAMPLER_ARG."),
                "type",
                choice("Sampler: OTEL_TRACES_SAMPLER.", Instrumentation.SAMPLERS))));
  }

  private static ObjectNode section(Language language) {
    Map<String, ObjectNode> fields = new TreeMap<>();
    language.settings().forEach(setting -> fields.put(setting.key(), setting(setting)));
    fields.put("env", env("Environment variables for " + language.title() + "."));
    if (language.hasAgent()) {
      fields.put(
          "image",
          text(
              language
                  .imageContents()
                  .map(
                      "Image of the agent, of which there is no default one. It has %s."::formatted)
                  .orElse("Image of the agent.")));
      fields.put("resources", resources("Resources of the containers that deliver the agent."));
      fields.put("resourceRequirements", resources("The same as resources, by its older name."));
      fields.put(
          "volumeClaimTemplate",
          kubernetes(
              "core/v1.PersistentVolumeClaimTemplate",
              "Claim for the volume that takes the agent, instead of an emptyDir."));
      ObjectNode limit = described("The most that the emptyDir for the agent takes.");
      limit.setAll(KubernetesTypes.quantity());
      fields.put("volumeLimitSize", limit);
    }
    ObjectNode section =
        object(
            "Instrumentation of "
                + language.title()
                + (language.isExperimental() ? ". Experimental: it may still change." : "."),
            fields);
    require(section, language.settings());
    return language.hasAgent() ? Rules.section(section) : section;
  }

  private static void require(ObjectNode object, Collection<Setting<?>> settings) {
    List<String> required =
        settings.stream().filter(Setting::isRequired).map(Setting::key).sorted().toList();
    if (!required.isEmpty()) {
      required.forEach(object.putArray("required")::add);
    }
  }

  private static ObjectNode setting(Setting<?> setting) {
    String description = setting.description();
    return switch (setting.shape()) {
      case TEXT -> limited(setting);
      case CHOICE -> choice(description, setting.choices());
      case FLAG -> flag(description);
      case NUMBER -> described(description).put("type", "number");
      case VARIABLES -> env(description);
      case LIST -> {
        Map<String, ObjectNode> fields = new TreeMap<>();
        setting.fields().forEach(field -> fields.put(field.key(), setting(field)));
        ObjectNode item = object("", fields);
        require(item, setting.fields());
        yield listOf(item, description);
      }
      case KUBERNETES -> kubernetes(setting.kubernetesType(), description);
    };
  }

  private static ObjectNode limited(Setting<?> setting) {
    ObjectNode text = text(setting.description());
    if (setting.isRequired()) {
      text.put("minLength", 1);
    }
    if (setting.maxLength() > 0) {
      text.put("maxLength", setting.maxLength());
    }
    setting.pattern().ifPresent(pattern -> text.put("pattern", anchored(pattern.pattern())));
    return text;
  }

  /** A setting's pattern stands for the whole text, that of a schema is searched for. */
  private static String anchored(String pattern) {
    return pattern.indexOf('|') < 0 ? "^" + pattern + "$" : "^(?:" + pattern + ")$";
  }

  private static ObjectNode env(String description) {
    return Rules.env(listOf(kubernetes("core/v1.EnvVar", ""), description));
  }

  private static ObjectNode resources(String description) {
    return Rules.resources(kubernetes("core/v1.ResourceRequirements", description));
  }

  /**
   * A type that Graft does not bring is an object with any fields: Kubernetes checks it in the pod.
   */
  private static ObjectNode kubernetes(String type, String description) {
    Optional<ObjectNode> known = KubernetesTypes.find(type);
    ObjectNode schema = described(description);
    schema.setAll(
        known.orElseGet(() ->
            NODES
                .objectNode()
                .put("type", "object")
                .put("x-kubernetes-preserve-unknown-fields", true)));
    if (!description.isEmpty()) {
      schema.put("description", description);
    }
    return schema;
  }

  private static ObjectNode described(String description) {
    ObjectNode schema = NODES.objectNode();
    return description.isEmpty() ? schema : schema.put("description", description);
  }

  private static ObjectNode text(String description) {
    return described(description).put("type", "string");
  }

  private static ObjectNode number(String description) {
    return described(description).put("format", "int64").put("type", "integer");
  }

  private static ObjectNode flag(String description) {
    return described(description).put("type", "boolean");
  }

  private static ObjectNode choice(String description, List<String> choices) {
    ObjectNode schema = described(description);
    choices.forEach(schema.putArray("enum")::add);
    return schema.put("type", "string");
  }

  private static ObjectNode listOf(ObjectNode items, String description) {
    ObjectNode schema = described(description);
    schema.set("items", items);
    return schema.put("type", "array");
  }

  private static ObjectNode mapOf(ObjectNode values, String description) {
    ObjectNode schema = described(description);
    schema.set("additionalProperties", values);
    return schema.put("type", "object");
  }

  private static ObjectNode object(String description, Map<String, ? extends JsonNode> fields) {
    ObjectNode schema = described(description);
    if (!fields.isEmpty()) {
      schema.putObject("properties").setAll(new TreeMap<>(fields));
    }
    return schema.put("type", "object");
  }
}
