/** The web page of the server: what is loaded, what is in force, and what was decided lately. */
package io.otelgraft.runtime.page;
