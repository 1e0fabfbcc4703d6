package io.otelgraft.core.injection;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.core.injection.Selection.Choice;
import io.otelgraft.core.resource.Decimal;
import io.otelgraft.core.resource.EnvVar;
import io.otelgraft.core.resource.LanguageSection;
import io.otelgraft.core.resource.NamespaceFacts;
import io.otelgraft.spi.Image;
import io.otelgraft.spi.Setting;
import io.otelgraft.spi.Target;
import io.otelgraft.spi.Telemetry;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A container as a plugin sees it: what the pod says, before anything is edited. */
final class TargetView implements Target {
  private final ContainerPlan plan;
  private final PodVariables variables;
  private final LanguageSection section;
  private final Optional<NamespaceFacts> namespace;
  private final TargetEnv env;
  private final List<String> companions;

  /** One container of a choice. */
  TargetView(ContainerPlan plan, Choice choice, Optional<NamespaceFacts> namespace) {
    this.plan = plan;
    this.variables = plan.variables();
    this.section = filled(choice, variables);
    this.namespace = namespace;
    this.env = plan.env(choice);
    this.companions = companions(choice.containers(), plan.facts().name());
  }

  private static LanguageSection filled(Choice choice, PodVariables variables) {
    return choice
        .section()
        .filled((entry, setting) -> {
          String field =
              "spec.%s.%s of %s"
                  .formatted(
                      choice.plugin().language().section().orElse(choice.plugin().id()),
                      setting,
                      choice.instrumentation().reference());
          return variables.resolve(EnvVar.of(entry), field).map(EnvVar::toVariable);
        });
  }

  /** What only the kubelet knows, and section or env refer to. */
  Set<PodVariables.Field> fields() {
    Set<PodVariables.Field> fields = EnumSet.copyOf(variables.fields());
    fields.addAll(env.fields());
    return fields;
  }

  /** What is to be told about variables of the section without a value. */
  List<Note> notes() {
    return variables.notes();
  }

  private static List<String> companions(List<String> containers, String own) {
    return containers.size() == 1
        ? List.of()
        : containers.stream().filter(name -> !name.equals(own)).toList();
  }

  ContainerPlan plan() {
    return plan;
  }

  /** The pod's own entry of a name. */
  Optional<EnvVar> ofPod(String name) {
    return env.own(name);
  }

  /** The whole entry that counts for a name before anything is edited. */
  Optional<EnvVar> given(String name) {
    return env.find(name);
  }

  ContainerDraft container() {
    return plan.draft();
  }

  @Override
  public String name() {
    return plan.facts().name();
  }

  @Override
  public Image image() {
    return plan.facts().image();
  }

  @Override
  public boolean isInit() {
    return plan.facts().init();
  }

  @Override
  public List<String> companions() {
    return companions;
  }

  @Override
  public boolean isNativeSidecar() {
    return isInit() && container().original().path("restartPolicy").asText().equals("Always");
  }

  @Override
  public LanguageSection section() {
    return section;
  }

  @Override
  public <T> Optional<T> annotation(Setting<T> annotation) {
    String key = Annotations.PREFIX + annotation.key();
    String value = plan.pod().annotations().get(key);
    if (value == null && !annotation.isPodOnly()) {
      value = namespace.map(facts -> facts.annotations().get(key)).orElse(null);
    }
    if (value == null || value.isBlank() || wrong(annotation, value).isPresent()) {
      return annotation.defaultValue();
    }
    String text = value.strip();
    Object raw =
        switch (annotation.shape()) {
          case FLAG -> Boolean.valueOf(text);
          case NUMBER -> Decimal.parse(text).orElseThrow();
          default -> text;
        };
    return Optional.of(annotation.read(raw));
  }

  @Override
  public TargetEnv env() {
    return env;
  }

  /**
   * What is wrong with an annotation's value, as the end of a sentence.
   *
   * @return empty if nothing is
   */
  static Optional<String> wrong(Setting<?> annotation, String value) {
    String text = value.strip();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    return switch (annotation.shape()) {
      case CHOICE ->
          annotation.choices().contains(text)
              ? Optional.empty()
              : Optional.of("is not one of " + String.join(", ", annotation.choices()));
      case FLAG ->
          text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")
              ? Optional.empty()
              : Optional.of("is neither true nor false");
      case NUMBER ->
          Decimal.parse(text).isPresent() ? Optional.empty() : Optional.of("is not a number");
      default -> wrongText(annotation, text);
    };
  }

  private static Optional<String> wrongText(Setting<?> annotation, String text) {
    if (annotation.maxLength() > 0 && text.length() > annotation.maxLength()) {
      return Optional.of("is longer than " + annotation.maxLength() + " characters");
    }
    return annotation
        .pattern()
        .filter(pattern -> !pattern.matcher(text).matches())
        .map(pattern -> "does not match " + pattern);
  }

  @Override
  public Optional<List<String>> command() {
    return words("command");
  }

  @Override
  public Optional<List<String>> args() {
    return words("args");
  }

  private Optional<List<String>> words(String key) {
    JsonNode words = container().original().path(key);
    if (words.isEmpty()) {
      return Optional.empty();
    }
    List<String> read = new ArrayList<>(words.size());
    words.forEach(word -> read.add(word.asText()));
    return Optional.of(List.copyOf(read));
  }

  @Override
  public List<String> mountPaths() {
    List<String> paths = new ArrayList<>();
    container()
        .original()
        .path("volumeMounts")
        .forEach(mount -> paths.add(mount.path("mountPath").asText()));
    return List.copyOf(paths);
  }

  @Override
  public Telemetry telemetry() {
    return plan.telemetry();
  }

  @Override
  public String toString() {
    return "container " + name();
  }
}
