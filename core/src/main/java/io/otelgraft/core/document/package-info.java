/**
 * Kubernetes manifests as text: YAML and JSON read into Jackson trees with the place of each value,
 * and trees written back so that nothing but an edit changes.
 *
 * <p>The rest of the core sees trees only. {@link io.otelgraft.core.document.Json} is for requests
 * and answers, {@link io.otelgraft.core.document.Documents} for files, {@link
 * io.otelgraft.core.document.Yaml} for objects that come from no text.
 */
package io.otelgraft.core.document;
