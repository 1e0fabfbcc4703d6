package io.otelgraft.core.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.plugin.LoadedPlugin;
import io.otelgraft.core.resource.Instrumentation.Exporter;
import io.otelgraft.core.resource.Instrumentation.ImageEnv;
import io.otelgraft.core.resource.Instrumentation.Sampler;
import io.otelgraft.core.resource.Instrumentation.Tls;
import io.otelgraft.spi.Protocol;
import io.otelgraft.spi.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Reads {@code Instrumentation} resources: validates, applies the defaults, and says all that is
 * wrong at once. The document is kept as it is, and must not be changed afterwards.
 *
 * <p>A field that is unknown is a warning, as for the API server, which drops it: a resource that
 * the cluster accepts must not stop pods here, and a section can belong to a plugin that comes
 * later. What the API server would refuse is an error.
 *
 * <p>One reader serves one catalogue. Thread-safe.
 */
public final class InstrumentationReader {

  private static final List<String> ROOT_FIELDS =
      List.of("apiVersion", "kind", "metadata", "spec", "status");
  private static final Pattern DNS_SUBDOMAIN =
      Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");
  private static final int DNS_SUBDOMAIN_LENGTH = 253;
  private static final FieldPath SPEC = FieldPath.ROOT.field("spec");

  private final Catalogue catalogue;
  private final Settings settings;
  private final JsonNode schema;

  /** By language; shared by all resources, of which each mentions few. */
  private final Map<String, LanguageSection> unmentioned = new HashMap<>();

  /**
   * What came of a document.
   *
   * @param instrumentation empty if any problem is an error
   * @param problems in the order of the checks
   */
  public record Reading(Optional<Instrumentation> instrumentation, List<Problem> problems) {
    public Reading {
      problems = List.copyOf(problems);
    }
  }

  private InstrumentationReader(Catalogue catalogue, Settings settings) {
    this.catalogue = catalogue;
    this.settings = settings;
    this.schema = InstrumentationSchema.spec(catalogue).path("properties");
    for (LoadedPlugin plugin : catalogue.languages()) {
      unmentioned.put(plugin.id(), SectionReader.unmentioned(plugin, settings));
    }
  }

  /** A reader of resources for the languages of a catalogue. */
  public static InstrumentationReader of(Catalogue catalogue, Settings settings) {
    return new InstrumentationReader(catalogue, settings);
  }

  /** Reads one document; see {@link #of} for more than one. */
  public static Reading read(ObjectNode document, Catalogue catalogue, Settings settings) {
    return of(catalogue, settings).read(document, "default");
  }

  /**
   * Reads a document.
   *
   * @param defaultNamespace where a resource stands that names no namespace
   */
  public Reading read(ObjectNode document, String defaultNamespace) {
    Findings findings = new Findings();
    Instrumentation instrumentation =
        isOfVersion(document, findings) ? readSpec(document, defaultNamespace, findings) : null;
    return new Reading(
        findings.anyError() ? Optional.empty() : Optional.ofNullable(instrumentation),
        findings.problems());
  }

  private static boolean isOfVersion(ObjectNode document, Findings findings) {
    String expected = Instrumentation.GROUP + "/" + Instrumentation.VERSION;
    String found = document.path("apiVersion").asText();
    if (found.equals(expected)) {
      return true;
    }
    String fix = "write apiVersion: " + expected;
    if (found.equals(Instrumentation.GROUP + "/v1beta1")) {
      // That version exists in the operator's sources, but no release ever served it.
      fix +=
          ", and: envConfig.exporter, envConfig.propagators, envConfig.sampler and envConfig.env directly under spec;"
              + " resource.attributes as resource.resourceAttributes;"
              + " resource.k8sMetadata.includeUIDs as resource.addK8sUIDAttributes;"
              + " resource.serviceMetadata.enabled as defaults.useLabelsForResourceAttributes";
    }
    FieldPath at = FieldPath.ROOT.field("apiVersion");
    findings.error(
        at,
        "apiVersion \"%s\" of Instrumentation is not served, only %s is".formatted(found, expected),
        fix);
    return false;
  }

  private Instrumentation readSpec(
      ObjectNode document, String defaultNamespace, Findings findings) {
    SchemaCheck check = new SchemaCheck(findings);
    document
        .fieldNames()
        .forEachRemaining(field -> {
          if (!ROOT_FIELDS.contains(field)) {
            check.unknown(FieldPath.ROOT, field, ROOT_FIELDS);
          }
        });
    JsonNode metadata = document.path("metadata");
    checkName(metadata.path("name"), FieldPath.ROOT.field("metadata").field("name"), findings);
    JsonNode spec = document.path("spec");
    checkSchema(spec, check, findings);

    Map<String, String> annotations = strings(metadata.path("annotations"));
    List<EnvVar> env = new EnvReader(findings).read(spec.path("env"), SPEC.field("env"));
    Exporter exporter = exporter(spec.path("exporter"), names(spec, env), findings);
    return new Instrumentation(
        text(metadata.path("namespace")).orElse(defaultNamespace),
        metadata.path("name").asText(),
        metadata.path("generation").asLong(),
        annotations,
        exporter,
        List.copyOf(
            AttributesReader.read(
                spec.path("resource").path("resourceAttributes"),
                SPEC.field("resource").field("resourceAttributes"),
                findings)),
        spec.path("resource").path("addK8sUIDAttributes").asBoolean(),
        propagators(spec.path("propagators"), findings),
        sampler(spec.path("sampler"), findings),
        spec.path("defaults").path("useLabelsForResourceAttributes").asBoolean(),
        List.copyOf(env),
        text(spec.path("imagePullPolicy")),
        spec.path("initContainerSecurityContext") instanceof ObjectNode context
            ? Optional.of(context)
            : Optional.empty(),
        agentDelivery(spec, findings),
        spec.path("allowedNamespaces").isArray()
            ? Optional.of(texts(spec.path("allowedNamespaces")))
            : Optional.empty(),
        imageEnv(spec.path("imageEnv")),
        Arrays.stream(Mode.values())
            .filter(mode -> mode.value().equals(spec.path("mode").asText()))
            .findFirst()
            .orElse(settings.mode()),
        sections(spec, annotations, env, findings),
        document);
  }

  private static void checkName(JsonNode name, FieldPath at, Findings findings) {
    if (!isName(name.asText())) {
      findings.error(
          at,
          name.asText().isEmpty()
              ? "metadata.name is missing"
              : "metadata.name \"%s\" is not the name of a resource".formatted(name.asText()),
          "write at most %d lower-case letters, digits, - and .".formatted(DNS_SUBDOMAIN_LENGTH));
    }
  }

  private static boolean isName(String text) {
    return text.length() <= DNS_SUBDOMAIN_LENGTH && DNS_SUBDOMAIN.matcher(text).matches();
  }

  private void checkSchema(JsonNode spec, SchemaCheck check, Findings findings) {
    if (spec.isMissingNode() || spec.isNull()) {
      return;
    }
    if (!spec.isObject()) {
      findings.error(SPEC, "spec is not a map", "");
      return;
    }
    spec.properties()
        .forEach(member -> {
          String name = member.getKey();
          JsonNode value = member.getValue();
          if (value.isNull()) {
            return;
          }
          if (schema.has(name)) {
            check.check(value, schema.get(name), SPEC.field(name));
          } else if (value.isObject() && NearestName.of(name, fields()).isEmpty()) {
            unknownSection(name, findings);
          } else {
            check.unknown(SPEC, name, fields());
          }
        });
  }

  private List<String> fields() {
    List<String> fields = new ArrayList<>();
    schema.fieldNames().forEachRemaining(fields::add);
    return fields;
  }

  private void unknownSection(String name, Findings findings) {
    Set<String> loaded = new TreeSet<>();
    catalogue.languages().forEach(plugin -> plugin.language().section().ifPresent(loaded::add));
    FieldPath at = SPEC.field(name);
    findings.warning(
        at,
        "%s is no section of a loaded language; those are %s"
            .formatted(at, loaded.isEmpty() ? "none" : String.join(", ", loaded)),
        "add the language's plugin, or remove the section");
  }

  /** The names of all variables that the resource sets, for any language. */
  private Set<String> names(JsonNode spec, List<EnvVar> commonEnv) {
    Set<String> names = new HashSet<>();
    commonEnv.forEach(variable -> names.add(variable.name()));
    for (LoadedPlugin plugin : catalogue.languages()) {
      plugin
          .language()
          .section()
          .ifPresent(key ->
              spec.path(key).path("env").forEach(entry -> names.add(entry.path("name").asText())));
    }
    return names;
  }

  private Exporter exporter(JsonNode node, Set<String> env, Findings findings) {
    FieldPath at = SPEC.field("exporter");
    Optional<String> endpoint = text(node.path("endpoint"));
    Optional<Protocol> protocol =
        Arrays.stream(Protocol.values())
            .filter(known -> known.value().equals(node.path("protocol").asText()))
            .findFirst();
    Optional<Tls> tls =
        node.path("tls").isObject() ? Optional.of(tls(node.path("tls"))) : Optional.empty();
    Optional<Protocol> said = protocol.or(settings.defaults()::protocol);
    boolean protocolMatters =
        settings.explicitProtocol() && !env.contains("OTEL_EXPORTER_OTLP_PROTOCOL");
    endpoint.ifPresent(
        url -> Endpoint.check(url, at.field("endpoint"), said, protocolMatters, env, findings));
    tls.ifPresent(certificates -> checkTls(certificates, at.field("tls"), findings));
    checkEncryption(endpoint.or(settings.defaults()::endpoint), tls.isPresent(), at, findings);
    return new Exporter(endpoint, protocol, tls);
  }

  private static Tls tls(JsonNode node) {
    return new Tls(
        text(node.path("secretName")),
        text(node.path("configMapName")),
        text(node.path("ca_file")),
        text(node.path("cert_file")),
        text(node.path("key_file")));
  }

  private static void checkTls(Tls tls, FieldPath at, Findings findings) {
    tls.secretName()
        .ifPresent(name -> checkReference(name, "Secret", at.field("secretName"), findings));
    tls.configMapName()
        .ifPresent(name -> checkReference(name, "ConfigMap", at.field("configMapName"), findings));
    if (tls.certFile().isPresent() != tls.keyFile().isPresent()) {
      findings.warning(
          at,
          "%s has %s without %s; a client's certificate needs both"
              .formatted(
                  at,
                  tls.certFile().isPresent() ? "cert_file" : "key_file",
                  tls.certFile().isPresent() ? "key_file" : "cert_file"),
          "set both, or none");
    }
    boolean secret = tls.secretName().isPresent();
    checkKey(
        tls.caFile(),
        "ca_file",
        "secretName or configMapName",
        secret || tls.configMapName().isPresent(),
        at,
        findings);
    checkKey(tls.certFile(), "cert_file", "secretName", secret, at, findings);
    checkKey(tls.keyFile(), "key_file", "secretName", secret, at, findings);
  }

  private static void checkReference(String name, String kind, FieldPath at, Findings findings) {
    if (!isName(name)) {
      findings.error(
          at,
          "%s \"%s\" is not the name of a %s".formatted(at, name, kind),
          "write the name of one in the pod's namespace");
    }
  }

  private static void checkKey(
      Optional<String> file,
      String field,
      String holder,
      boolean held,
      FieldPath at,
      Findings findings) {
    if (file.isPresent() && !file.get().startsWith("/") && !held) {
      findings.error(
          at.field(field),
          "%s \"%s\" is a key, but there is no %s to have it"
              .formatted(at.field(field), file.get(), holder),
          "set " + holder + ", or write an absolute path in the container");
    }
  }

  private static void checkEncryption(
      Optional<String> endpoint, boolean tls, FieldPath at, Findings findings) {
    boolean secure = endpoint.filter(Endpoint::isSecure).isPresent();
    if (tls && !secure) {
      findings.warning(
          at.field("tls"),
          at.field("tls")
              + " is set, but the endpoint does not start with https://: nothing is encrypted",
          "write https:// in the endpoint, or remove tls");
    } else if (secure && !tls) {
      findings.warning(
          at,
          "%s has an https:// endpoint and no tls: only a certificate that the container's image trusts is accepted"
              .formatted(at),
          "set exporter.tls if the collector's certificate is signed by a CA of your own");
    }
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>(list.size());
    list.forEach(item -> texts.add(item.asText()));
    return List.copyOf(texts);
  }

  private static List<ImageEnv> imageEnv(JsonNode list) {
    List<ImageEnv> images = new ArrayList<>(list.size());
    for (JsonNode item : list) {
      Map<String, String> env = new LinkedHashMap<>();
      item.path("env")
          .forEach(
              entry -> env.putIfAbsent(entry.path("name").asText(), entry.path("value").asText()));
      images.add(new ImageEnv(item.path("image").asText("*"), env));
    }
    return List.copyOf(images);
  }

  private static List<String> propagators(JsonNode node, Findings findings) {
    List<String> propagators = new ArrayList<>();
    FieldPath at = SPEC.field("propagators");
    for (int i = 0; i < node.size(); i++) {
      String name = node.get(i).asText();
      if (propagators.contains(name)) {
        findings.warning(
            at.item(i), "%s %s is there twice".formatted(at.item(i), name), "remove one");
      } else if (Instrumentation.PROPAGATORS.contains(name)) {
        propagators.add(name);
      }
    }
    if (propagators.size() > 1 && propagators.contains("none")) {
      findings.warning(
          at,
          at + " has none beside others, and none switches all off",
          "remove none, or the others");
    }
    return List.copyOf(propagators);
  }

  private static Optional<Sampler> sampler(JsonNode node, Findings findings) {
    FieldPath at = SPEC.field("sampler");
    Optional<String> type = text(node.path("type"));
    Optional<String> argument = text(node.path("argument"));
    if (node.isObject() && type.isEmpty()) {
      findings.warning(
          at,
          at + " has no type" + (argument.isPresent() ? ", so its argument means nothing" : ""),
          "write sampler.type, such as parentbased_traceidratio, or remove the sampler");
    }
    if (type.isPresent() && argument.isPresent()) {
      SamplerArgument.check(type.get(), argument.get(), at.field("argument"), findings);
    }
    return type.map(known -> new Sampler(known, argument));
  }

  private Optional<AgentDelivery> agentDelivery(JsonNode spec, Findings findings) {
    FieldPath at = SPEC.field("agentDelivery");
    Optional<AgentDelivery> given = text(spec.path("agentDelivery")).flatMap(AgentDelivery::of);
    if (given.isEmpty() || given.get() == AgentDelivery.COPY) {
      return given;
    }
    settings
        .cluster()
        .withoutImageVolumes()
        .ifPresent(hindrance ->
            findings.warning(
                at, at + " image-volume has no effect, agents are copied: " + hindrance, ""));
    spec.properties()
        .forEach(member -> {
          if (member.getValue().hasNonNull("volumeClaimTemplate")) {
            FieldPath claim = SPEC.field(member.getKey()).field("volumeClaimTemplate");
            findings.warning(
                claim,
                claim + " has no effect where " + at + " is image-volume: nothing is copied",
                "remove one of them");
          }
        });
    return given;
  }

  private Map<String, LanguageSection> sections(
      JsonNode spec, Map<String, String> annotations, List<EnvVar> env, Findings findings) {
    Map<String, Variable> common = LanguageSection.variables(env);
    Map<String, LanguageSection> sections = new LinkedHashMap<>();
    for (LoadedPlugin plugin : catalogue.languages()) {
      boolean mentioned =
          plugin.language().section().filter(key -> spec.path(key).isObject()).isPresent();
      sections.put(
          plugin.id(),
          mentioned
              ? new SectionReader(plugin, settings, annotations, common, findings).read(spec, SPEC)
              : unmentioned.get(plugin.id()).withCommon(common));
    }
    return Collections.unmodifiableMap(sections);
  }

  /** A text that is not empty. */
  private static Optional<String> text(JsonNode node) {
    return node.isTextual() && !node.textValue().isEmpty()
        ? Optional.of(node.textValue())
        : Optional.empty();
  }

  static Map<String, String> strings(JsonNode object) {
    Map<String, String> strings = new LinkedHashMap<>();
    object
        .properties()
        .forEach(member -> strings.put(member.getKey(), member.getValue().asText("")));
    return Collections.unmodifiableMap(strings);
  }
}
