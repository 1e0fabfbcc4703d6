/** A stand-in for the API server: what it asks a webhook, and what it does with the answer. */
package io.otelgraft.e2e.apiserver;
