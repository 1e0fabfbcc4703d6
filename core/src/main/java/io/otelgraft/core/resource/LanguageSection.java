package io.otelgraft.core.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.spi.Image;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.Section;
import io.otelgraft.spi.Setting;
import io.otelgraft.spi.Variable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A language's part of an {@code Instrumentation}, with defaults applied. A language that the
 * resource does not mention has one too.
 *
 * <p>Holds strings and trees only, nothing of the plugin: plugins are replaced while resources
 * live.
 */
public final class LanguageSection implements Section {

  /** Where a value comes from. */
  public enum Origin {
    /** The resource says so. */
    RESOURCE,
    /** The operator's configuration says so. */
    SETTINGS,
    /** The plugin declares it. */
    LANGUAGE
  }

  /**
   * The image of an agent.
   *
   * @param name as a container names it
   * @param origin who names it
   * @param operatorDefault what the OpenTelemetry Operator wrote into the resource where its author
   *     named no image, if that is not this one anyway
   */
  public record AgentImage(String name, Origin origin, Optional<OperatorDefault> operatorDefault) {

    AgentImage(String name, Origin origin) {
      this(name, origin, Optional.empty());
    }
  }

  private final String language;
  private final boolean given;
  private final Optional<AgentImage> agentImage;
  private final List<EnvVar> env;
  private final ObjectNode resources;
  private final boolean resourcesGiven;
  private final Optional<ObjectNode> volumeClaimTemplate;
  private final Optional<String> volumeLimitSize;
  private final Map<String, Object> values;
  private final Map<String, Variable> variables;
  private final Map<String, Variable> commonVariables;
  private final boolean refers;

  /**
   * @param resources with defaults
   * @param resourcesGiven whether some of them are no defaults
   * @param values of the language's own settings, by key, as {@link Setting#read} takes them
   * @param commonVariables the env that all languages of the resource share, by name
   */
  LanguageSection(
      String language,
      boolean given,
      Optional<AgentImage> agentImage,
      List<EnvVar> env,
      ObjectNode resources,
      boolean resourcesGiven,
      Optional<ObjectNode> volumeClaimTemplate,
      Optional<String> volumeLimitSize,
      Map<String, Object> values,
      Map<String, Variable> commonVariables) {
    this.language = language;
    this.given = given;
    this.agentImage = agentImage;
    this.env = List.copyOf(env);
    this.resources = resources;
    this.resourcesGiven = resourcesGiven;
    this.volumeClaimTemplate = volumeClaimTemplate;
    this.volumeLimitSize = volumeLimitSize;
    this.values = Map.copyOf(values);
    this.variables = variables(env);
    this.commonVariables = commonVariables;
    this.refers = values.values().stream().anyMatch(LanguageSection::refers);
  }

  /** The same section with other values, or beside another common env. */
  private LanguageSection(
      LanguageSection same,
      Map<String, Object> values,
      boolean refers,
      Map<String, Variable> commonVariables) {
    this.language = same.language;
    this.given = same.given;
    this.agentImage = same.agentImage;
    this.env = same.env;
    this.resources = same.resources;
    this.resourcesGiven = same.resourcesGiven;
    this.volumeClaimTemplate = same.volumeClaimTemplate;
    this.volumeLimitSize = same.volumeLimitSize;
    this.values = values;
    this.variables = same.variables;
    this.commonVariables = commonVariables;
    this.refers = refers;
  }

  /** The same section of a resource that has this env for all its languages. */
  LanguageSection withCommon(Map<String, Variable> variables) {
    return variables.isEmpty() ? this : new LanguageSection(this, values, refers, variables);
  }

  /** Entries as plugins see them, by name. */
  static Map<String, Variable> variables(List<EnvVar> env) {
    Map<String, Variable> variables = HashMap.newHashMap(env.size());
    env.forEach(variable -> variables.putIfAbsent(variable.name(), variable.toVariable()));
    return Map.copyOf(variables);
  }

  /** The id of the language. */
  public String language() {
    return language;
  }

  /** Whether the resource has the section; otherwise all is default. */
  public boolean given() {
    return given;
  }

  /** What to do where a language has an agent, but nobody names its image. */
  public static String namingAnImage(Language language) {
    return "name one in "
        + language.section().map(section -> "spec." + section + ".image, or in ").orElse("")
        + "the operator's setting images."
        + language.id()
        + language.imageContents().map(contents -> "; it has " + contents).orElse("");
  }

  /**
   * The agent's image and who names it; empty for a language without an agent, and where nobody
   * names one.
   */
  public Optional<AgentImage> agentImage() {
    return agentImage;
  }

  @Override
  public String image() {
    return agentImage
        .map(AgentImage::name)
        .orElseThrow(() ->
            new IllegalStateException("there is no image of an agent for language " + language));
  }

  @Override
  public Image imageName() {
    return ImageName.of(image());
  }

  /** The language's env, in the document's order, without the common one. */
  public List<EnvVar> env() {
    return env;
  }

  @Override
  public Optional<Variable> env(String name) {
    Variable own = variables.get(name);
    return Optional.ofNullable(own == null ? commonVariables.get(name) : own);
  }

  /**
   * Requests and limits of the containers that deliver the agent, as a container has them. Not to
   * be changed: copy it.
   */
  public ObjectNode resources() {
    return resources;
  }

  /** Whether the resource says any of {@link #resources}; otherwise all is default. */
  public boolean resourcesGiven() {
    return resourcesGiven;
  }

  /**
   * A template for the volume that takes the agent, instead of an emptyDir. Not to be changed: copy
   * it.
   */
  public Optional<ObjectNode> volumeClaimTemplate() {
    return volumeClaimTemplate;
  }

  /**
   * The most that the volume for the agent takes, a Kubernetes quantity; empty to leave it to
   * Graft.
   */
  public Optional<String> volumeLimitSize() {
    return volumeLimitSize;
  }

  /**
   * The section for one container: with the {@code ${NAME}} variables filled in that stand in its
   * lists of environment variables. Its own {@link #env} stays as it is.
   *
   * @param filling what becomes of an entry
   */
  public LanguageSection filled(Filling filling) {
    return refers
        ? new LanguageSection(this, Map.copyOf(filled(values, "", filling)), false, commonVariables)
        : this;
  }

  /** Fills in the variables of one entry. */
  @FunctionalInterface
  public interface Filling {

    /**
     * The entry as a container has it.
     *
     * @param entry which may hold {@code ${NAME}}
     * @param setting the setting that it stands in
     * @return empty to leave the entry out
     */
    Optional<Variable> fill(Variable entry, String setting);
  }

  private static Map<String, Object> filled(
      Map<String, Object> values, String path, Filling filling) {
    Map<String, Object> filled = new HashMap<>(values);
    filled.replaceAll((key, value) -> filled(value, path + key, filling));
    return filled;
  }

  private static Object filled(Object value, String path, Filling filling) {
    if (!(value instanceof List<?> list)) {
      return value;
    }
    List<Object> filled = new ArrayList<>(list.size());
    for (Object item : list) {
      switch (item) {
        case Variable entry -> filling.fill(entry, path).ifPresent(filled::add);
        case SectionItem(String language, Map<String, Object> values) ->
            filled.add(new SectionItem(language, filled(values, path + "[].", filling)));
        default -> filled.add(item);
      }
    }
    return List.copyOf(filled);
  }

  private static boolean refers(Object value) {
    return switch (value) {
      case List<?> list -> list.stream().anyMatch(LanguageSection::refers);
      case SectionItem item -> item.values().values().stream().anyMatch(LanguageSection::refers);
      case Variable entry -> entry.literal().filter(text -> text.contains("${")).isPresent();
      default -> false;
    };
  }

  @Override
  public <T> Optional<T> get(Setting<T> setting) {
    Object value = values.get(setting.key());
    return value == null ? setting.defaultValue() : Optional.of(setting.read(value));
  }

  @Override
  public String toString() {
    return "section of " + language;
  }
}
