package io.otelgraft.core.plugin;

/**
 * A plugin could not do what it was asked: it threw, or it did not return in time, or it has been
 * set aside. Whoever computes a decision catches this and computes it anew without the {@link
 * #language()}.
 *
 * <p>It holds strings only. What the plugin threw is never kept, because its class would keep the
 * plugin's layer in memory after the jar was replaced. It has no stack trace of its own; the
 * message names the plugin's line.
 */
public final class PluginFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String language;
  private final String plugin;

  PluginFailure(LoadedPlugin failed, String what) {
    super("plugin " + failed.name() + " (" + failed.id() + ") " + what, null, false, false);
    this.language = failed.id();
    this.plugin = failed.name();
  }

  /** The identifier of the language that the plugin is for. */
  public String language() {
    return language;
  }

  /** The plugin's name in the plugins folder, for example {@code lang-x.jar}. */
  public String plugin() {
    return plugin;
  }
}
