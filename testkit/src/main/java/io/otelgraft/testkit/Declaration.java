package io.otelgraft.testkit;

import com.fasterxml.jackson.databind.node.TextNode;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.resource.ImageName;
import io.otelgraft.core.resource.InstrumentationSchema;
import io.otelgraft.core.resource.Quantity;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import io.otelgraft.spi.ListVariable;
import io.otelgraft.spi.Reason;
import io.otelgraft.spi.ResourceDefaults;
import io.otelgraft.spi.Setting;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What is wrong with what a plugin declares, beyond what keeps it from being loaded. */
final class Declaration {
  private static final Pattern REPOSITORY =
      Pattern.compile("[a-z0-9]+([.-][a-z0-9]+)*(:\\d+)?(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)+");
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /** An annotation is a text; these shapes can be read from one. */
  private static final Set<Setting.Shape> OF_A_TEXT =
      Set.of(Setting.Shape.TEXT, Setting.Shape.CHOICE, Setting.Shape.FLAG, Setting.Shape.NUMBER);

  private final List<String> problems = new ArrayList<>();

  private Declaration() {}

  /** What is wrong, a sentence each. */
  static List<String> problems(LanguagePlugin plugin) {
    Declaration declaration = new Declaration();
    try {
      Catalogue catalogue = Catalogue.of(plugin);
      declaration.check(catalogue.languages().getFirst().language());
      declaration.checkStability(plugin, catalogue);
    } catch (IllegalArgumentException e) {
      declaration.problems.add(e.getMessage());
    }
    return List.copyOf(declaration.problems);
  }

  private void expect(boolean holds, String otherwise) {
    if (!holds) {
      problems.add(otherwise);
    }
  }

  private void check(Language language) {
    expect(!language.title().isBlank(), "the title is blank: users read it in messages");
    language
        .documentation()
        .ifPresent(uri ->
            expect(
                uri.getHost() != null && List.of("https", "http").contains(uri.getScheme()),
                "the documentation is no web address: " + uri));
    checkImage(language);
    checkResources(language.resources());
    checkSettings("setting", language.settings());
    checkSettings("annotation", language.annotations());
    for (Setting<?> annotation : language.annotations()) {
      expect(
          OF_A_TEXT.contains(annotation.shape()),
          "the annotation " + annotation + " cannot be a " + annotation.shape());
    }
    for (ListVariable variable : language.listVariables()) {
      expect(
          VARIABLE.matcher(variable.name()).matches(),
          "the list variable \"" + variable + "\" is no name of a variable");
      expect(
          !variable.separator().isEmpty(), "the list variable " + variable + " has no separator");
    }
    for (Reason reason : language.reasons()) {
      expect(!reason.meaning().isBlank(), "the reason " + reason + " says nothing");
    }
    expect(
        language.operatorMountPath().startsWith("/"),
        "the operator's mount path is not absolute: " + language.operatorMountPath());
  }

  private void checkImage(Language language) {
    expect(
        !language.hasAgent() || language.section().isPresent(),
        "an agent, but no section in which to set its image");
    if (language.imageRepository().isEmpty()) {
      expect(
          language.neverUpgradeAcross().isEmpty(),
          "versions that are never upgraded across, but no image");
      expect(
          language.imageContents().filter(String::isBlank).isEmpty(),
          "nothing is said of what is in an image of the agent, of which there is no default one");
      return;
    }
    String repository = language.imageRepository().get();
    String version = language.imageVersion().orElse("");
    ImageName image = ImageName.of(repository + ":" + version);
    expect(
        REPOSITORY.matcher(repository).matches()
            && TAG.matcher(version).matches()
            && image.repository().equals(repository)
            && image.tag().filter(version::equals).isPresent(),
        "the default image is no image with a tag: " + repository + ":" + version);
  }

  private void checkResources(ResourceDefaults resources) {
    checkBounds("cpu", resources.requestCpu(), resources.limitCpu());
    checkBounds("memory", resources.requestMemory(), resources.limitMemory());
  }

  private void checkBounds(String what, String request, String limit) {
    Optional<BigDecimal> low = Quantity.parse(TextNode.valueOf(request));
    Optional<BigDecimal> high = Quantity.parse(TextNode.valueOf(limit));
    expect(
        low.isPresent() && high.isPresent() && low.get().compareTo(high.get()) <= 0,
        "the default " + what + " is no request within a limit: " + request + ", " + limit);
  }

  private void checkSettings(String what, List<Setting<?>> settings) {
    for (Setting<?> setting : settings) {
      expect(
          !setting.description().isBlank(),
          "the " + what + " " + setting + " has no description: users read it in the schema");
      expect(
          !setting.isRequired() || setting.defaultValue().isEmpty(),
          "the " + what + " " + setting + " is required, and has a default nevertheless");
      if (setting.defaultValue().isPresent() && setting.shape() == Setting.Shape.CHOICE) {
        expect(
            setting.choices().contains(String.valueOf(setting.defaultValue().get())),
            "the default of " + setting + " is none of its values: " + setting.choices());
      }
      if (setting.defaultValue().orElse(null) instanceof String text) {
        expect(
            setting.pattern().map(pattern -> pattern.matcher(text).matches()).orElse(true)
                && (setting.maxLength() == 0 || text.length() <= setting.maxLength()),
            "the default of " + setting + " is not what its pattern allows: " + text);
      }
      checkSettings("field", setting.fields());
      Set<String> keys = new HashSet<>();
      for (Setting<?> field : setting.fields()) {
        expect(keys.add(field.key()), setting + " declares the field " + field + " twice");
      }
    }
  }

  /** What users see of a declaration comes from its schema. */
  private void checkStability(LanguagePlugin plugin, Catalogue catalogue) {
    expect(
        InstrumentationSchema.definition(catalogue)
            .equals(InstrumentationSchema.definition(Catalogue.of(plugin))),
        "language() declares something else when it is called again");
  }
}
