/**
 * Which languages go into which containers, what their SDKs are told, and the editor that plugins
 * work with.
 *
 * <p>{@link io.otelgraft.core.injection.Injector} is the way in.
 */
package io.otelgraft.core.injection;
