/**
 * What a language plugin compiles against.
 *
 * <p>Start with {@link io.otelgraft.spi.LanguagePlugin}. Interfaces other than that one are
 * implemented by the runtime and may grow methods; final classes are made by their factories. Each
 * type says since when it exists and whether it is stable; what is experimental may change in a
 * minor version.
 */
package io.otelgraft.spi;
