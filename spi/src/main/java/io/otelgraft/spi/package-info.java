/** What a plugin of Graft compiles against. */
package io.otelgraft.spi;
