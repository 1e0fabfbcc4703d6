package io.otelgraft.core.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.spi.Image;
import io.otelgraft.spi.Section;
import io.otelgraft.spi.Setting;
import io.otelgraft.spi.Variable;
import java.util.LinkedHashMap;
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
   */
  public record AgentImage(String name, Origin origin) {}

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

  /**
   * @param resources with defaults
   * @param resourcesGiven whether some of them are no defaults
   * @param values of the language's own settings, by key, as {@link Setting#read} takes them
   * @param commonEnv the env that all languages of the resource share
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
      List<EnvVar> commonEnv) {
    this.language = language;
    this.given = given;
    this.agentImage = agentImage;
    this.env = List.copyOf(env);
    this.resources = resources;
    this.resourcesGiven = resourcesGiven;
    this.volumeClaimTemplate = volumeClaimTemplate;
    this.volumeLimitSize = volumeLimitSize;
    this.values = Map.copyOf(values);
    this.variables = new LinkedHashMap<>();
    env.forEach(variable -> variables.putIfAbsent(variable.name(), variable.toVariable()));
    commonEnv.forEach(variable -> variables.putIfAbsent(variable.name(), variable.toVariable()));
  }

  /** The id of the language. */
  public String language() {
    return language;
  }

  /** Whether the resource has the section; otherwise all is default. */
  public boolean given() {
    return given;
  }

  /** The agent's image and who names it; empty for a language without an agent. */
  public Optional<AgentImage> agentImage() {
    return agentImage;
  }

  @Override
  public String image() {
    return agentImage
        .map(AgentImage::name)
        .orElseThrow(
            () -> new IllegalStateException("language " + language + " declares no image"));
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
    return Optional.ofNullable(variables.get(name));
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
