package io.otelgraft.core.resource;

import io.otelgraft.core.plugin.Catalogue;

/** Where resources come from: files, or a cluster. Thread-safe. */
public interface ResourceSource {

  /**
   * The resources as they are now, read for the languages of a catalogue. Costs nothing while
   * neither has changed.
   *
   * @param catalogue the one that the request goes on with
   */
  Resources at(Catalogue catalogue);
}
