/**
 * What Graft decides and what it has, in words and as data: for the command line and the web page.
 */
package io.otelgraft.runtime.explanation;
