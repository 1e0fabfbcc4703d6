package io.otelgraft.runtime.settings;

import io.otelgraft.core.resource.Settings;
import java.util.List;

/**
 * The settings that count, and for each that was set, where.
 *
 * @param settings what decisions rest on
 * @param server what {@code graft serve} rests on beside
 * @param operator what {@code graft operate} rests on beside
 * @param given what was set, in the order of {@link SettingsReader#keys()}; of a setting that was
 *     set in several places only the one that counts
 */
public record EffectiveSettings(
    Settings settings, ServerSettings server, OperatorSettings operator, List<Given> given) {

  public EffectiveSettings {
    given = List.copyOf(given);
  }

  /**
   * A setting that was set.
   *
   * @param name its name, with that of the entry for a map: {@code images.ruby}
   * @param text its value as text; the items of a list separated by commas
   * @param origin where: {@code graft.yaml:3:1}, {@code environment variable GRAFT_MODE}, {@code
   *     --set}
   */
  public record Given(String name, String text, String origin) {}
}
