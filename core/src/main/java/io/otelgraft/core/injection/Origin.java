package io.otelgraft.core.injection;

/**
 * Why an edit was made.
 *
 * @param language the language for which it was made; the empty string for what Graft does for all
 * @param rule what it follows, as a short phrase: {@code activate the agent}
 * @param source where the value comes from: an annotation, a field of a resource, a setting, a
 *     default
 */
record Origin(String language, String rule, String source) {}
