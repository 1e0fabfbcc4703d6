package io.otelgraft.spi;

/**
 * Takes what {@link LanguagePlugin#validate} finds. Implemented by the runtime.
 *
 * @since 1.0, stable
 */
public interface Problems {

  /**
   * The resource cannot be accepted.
   *
   * @param path where, relative to the section: {@code extensions[0].dir}
   * @param found what stands there
   * @param fix what to write instead
   */
  void error(String path, String found, String fix);

  /** The resource works, but probably not as meant. Parameters as in {@link #error}. */
  void warn(String path, String found, String fix);
}
