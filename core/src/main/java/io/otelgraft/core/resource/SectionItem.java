package io.otelgraft.core.resource;

import io.otelgraft.spi.Image;
import io.otelgraft.spi.Section;
import io.otelgraft.spi.Setting;
import io.otelgraft.spi.Variable;
import java.util.Map;
import java.util.Optional;

/**
 * One object of a list setting.
 *
 * @param values by key, as {@link Setting#read} takes them
 */
record SectionItem(String language, Map<String, Object> values) implements Section {
  SectionItem {
    values = Map.copyOf(values);
  }

  @Override
  public <T> Optional<T> get(Setting<T> setting) {
    Object value = values.get(setting.key());
    return value == null ? setting.defaultValue() : Optional.of(setting.read(value));
  }

  @Override
  public String image() {
    throw new IllegalStateException(
        "an item of a list of language " + language + " has no image of an agent");
  }

  @Override
  public Image imageName() {
    return ImageName.of(image());
  }

  @Override
  public Optional<Variable> env(String name) {
    return Optional.empty();
  }
}
