package io.otelgraft.core.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.plugin.LoadedPlugin;
import io.otelgraft.core.plugin.PluginFailure;
import io.otelgraft.core.resource.LanguageSection.AgentImage;
import io.otelgraft.core.resource.LanguageSection.Origin;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.Problems;
import io.otelgraft.spi.Section;
import io.otelgraft.spi.Setting;
import io.otelgraft.spi.Variable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the section of one language, once the schema has been checked. */
final class SectionReader {

  private static final String RESOURCES = "resources";
  private static final String OLDER_RESOURCES = "resourceRequirements";

  private final LoadedPlugin plugin;
  private final Language language;
  private final Settings settings;
  private final Map<String, String> annotations;
  private final Map<String, Variable> commonVariables;
  private final Findings findings;

  /**
   * Reads for one resource.
   *
   * @param annotations of the resource
   * @param commonVariables its env for all languages, by name
   */
  SectionReader(
      LoadedPlugin plugin,
      Settings settings,
      Map<String, String> annotations,
      Map<String, Variable> commonVariables,
      Findings findings) {
    this.plugin = plugin;
    this.language = plugin.language();
    this.settings = settings;
    this.annotations = annotations;
    this.commonVariables = commonVariables;
    this.findings = findings;
  }

  /** The section of a language that a resource does not mention: all of it is default. */
  static LanguageSection unmentioned(LoadedPlugin plugin, Settings settings) {
    return new SectionReader(plugin, settings, Map.of(), Map.of(), new Findings())
        .read(MissingNode.getInstance(), FieldPath.ROOT);
  }

  LanguageSection read(JsonNode spec, FieldPath specAt) {
    JsonNode node = language.section().map(spec::path).orElseGet(MissingNode::getInstance);
    FieldPath at = language.section().map(specAt::field).orElse(specAt);
    boolean given = node.isObject();
    LanguageSection section =
        new LanguageSection(
            language.id(),
            given,
            image(node, at),
            new EnvReader(findings).read(node.path("env"), at.field("env")),
            resources(node, at),
            !node.path(RESOURCES).isEmpty() || !node.path(OLDER_RESOURCES).isEmpty(),
            object(node.path("volumeClaimTemplate")),
            volumeLimitSize(node),
            values(node, language.settings(), at),
            commonVariables);
    if (section.volumeClaimTemplate().isPresent() && section.volumeLimitSize().isPresent()) {
      findings.error(
          at,
          at + " has both volumeClaimTemplate and volumeLimitSize",
          "keep volumeLimitSize for an emptyDir, or set the size in volumeClaimTemplate.spec.resources.requests.storage");
    }
    // A plugin may rely on what it declared; and a user's mistake must not count as its failure.
    if (given && !findings.anyErrorUnder(at)) {
      validate(section, at);
    }
    return section;
  }

  private Optional<AgentImage> image(JsonNode node, FieldPath at) {
    if (!language.hasAgent()) {
      return Optional.empty();
    }
    String given = node.path("image").asText();
    if (!given.isEmpty()) {
      if (given.chars().anyMatch(Character::isWhitespace)) {
        findings.error(
            at.field("image"),
            at.field("image") + " \"" + given + "\" is not the name of an image",
            "write it without white space");
      }
      boolean ofOperator = given.equals(annotations.get(plugin.operatorDefaultImageAnnotation()));
      return Optional.of(
          (ofOperator ? defaultImage() : Optional.<AgentImage>empty())
              .map(replacement -> unlessItStays(given, replacement, at.field("image")))
              .orElseGet(() -> new AgentImage(given, Origin.RESOURCE)));
    }
    Optional<AgentImage> image = defaultImage();
    if (image.isEmpty() && node.isObject()) {
      findings.warning(
          at,
          "%s names no image of the agent for %s, and none is published that would be the default: pods that ask for it are refused"
              .formatted(at, language.title()),
          LanguageSection.namingAnImage(language));
    }
    return image;
  }

  /** The image of a resource that names none. */
  private Optional<AgentImage> defaultImage() {
    String configured = settings.images().get(language.id());
    if (configured != null) {
      return Optional.of(new AgentImage(configured, Origin.SETTINGS));
    }
    return language
        .imageRepository()
        .map(repository ->
            language.imageVersion().map(version -> repository + ":" + version).orElse(repository))
        .map(name -> new AgentImage(name, Origin.LANGUAGE));
  }

  /** The image of a resource in which the operator wrote its default. */
  private AgentImage unlessItStays(String given, AgentImage replacement, FieldPath at) {
    if (given.equals(replacement.name())) {
      return replacement;
    }
    OperatorDefault written = OperatorDefault.of(plugin, at, given, replacement.name());
    if (written.stays()) {
      findings.warning(at, written.message(), written.fix());
      return new AgentImage(given, Origin.RESOURCE, Optional.of(written));
    }
    return new AgentImage(replacement.name(), replacement.origin(), Optional.of(written));
  }

  private ObjectNode resources(JsonNode node, FieldPath at) {
    if (!language.hasAgent()) {
      return JsonNodeFactory.instance.objectNode();
    }
    JsonNode newer = node.path(RESOURCES);
    JsonNode older = node.path(OLDER_RESOURCES);
    if (newer.isObject() && older.isObject()) {
      findings.error(
          at,
          "%s has %s and %s, which mean the same".formatted(at, RESOURCES, OLDER_RESOURCES),
          "keep one of them");
    }
    String spelling = older.isObject() && !newer.isObject() ? OLDER_RESOURCES : RESOURCES;
    return ComputeResources.withDefaults(
        node.path(spelling), language.resources(), at.field(spelling), findings);
  }

  private static Optional<ObjectNode> object(JsonNode node) {
    return node instanceof ObjectNode object && !object.isEmpty()
        ? Optional.of(object)
        : Optional.empty();
  }

  private static Optional<String> volumeLimitSize(JsonNode node) {
    String size = node.path("volumeLimitSize").asText();
    return size.isEmpty() ? Optional.empty() : Optional.of(size);
  }

  /** What is not of its setting's shape is left out: the schema has told of it. */
  private Map<String, Object> values(JsonNode node, List<Setting<?>> declared, FieldPath at) {
    Map<String, Object> values = new HashMap<>();
    for (Setting<?> setting : declared) {
      JsonNode value = node.path(setting.key());
      value(value, setting, at.field(setting.key()))
          .ifPresent(raw -> values.put(setting.key(), raw));
    }
    return values;
  }

  private Optional<Object> value(JsonNode value, Setting<?> setting, FieldPath at) {
    return switch (setting.shape()) {
      case TEXT, CHOICE ->
          value.isTextual() && !value.textValue().isEmpty()
              ? Optional.of(value.textValue())
              : Optional.empty();
      case FLAG -> value.isBoolean() ? Optional.of(value.booleanValue()) : Optional.empty();
      case NUMBER -> value.isNumber() ? Optional.of(value.decimalValue()) : Optional.empty();
      case VARIABLES -> value.isArray() ? Optional.of(variables(value, at)) : Optional.empty();
      case LIST ->
          value.isArray() ? Optional.of(elements(value, setting.fields(), at)) : Optional.empty();
      case KUBERNETES -> value.isObject() ? Optional.of(Plain.map(value)) : Optional.empty();
    };
  }

  private List<Variable> variables(JsonNode list, FieldPath at) {
    return new EnvReader(findings).read(list, at).stream().map(EnvVar::toVariable).toList();
  }

  private List<Section> elements(JsonNode list, List<Setting<?>> fields, FieldPath at) {
    List<Section> elements = new ArrayList<>(list.size());
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).isObject()) {
        elements.add(new SectionItem(language.id(), values(list.get(i), fields, at.item(i))));
      }
    }
    return List.copyOf(elements);
  }

  private void validate(LanguageSection section, FieldPath at) {
    Findings found = new Findings();
    try {
      plugin.validate(section, new Relative(at, found));
      findings.addAll(found.problems());
    } catch (PluginFailure failure) {
      findings.warning(
          at,
          at + " could not be validated: " + failure.getMessage(),
          "mend or replace the plugin");
    }
  }

  /** What a plugin finds, under the path of its section. */
  private record Relative(FieldPath section, Findings findings) implements Problems {
    @Override
    public void error(String path, String found, String fix) {
      FieldPath at = section.then(path);
      findings.error(at, at + " " + found, fix);
    }

    @Override
    public void warn(String path, String found, String fix) {
      FieldPath at = section.then(path);
      findings.warning(at, at + " " + found, fix);
    }
  }
}
