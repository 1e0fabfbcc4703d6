/**
 * Files and folders that change while Graft serves: resources, plugins, certificates.
 *
 * <p>There is one mechanism, {@link io.otelgraft.runtime.watch.FileWatch}, over the JDK's {@code
 * WatchService}. Libraries that watch files follow either the events alone, which do not come on
 * network file systems and overlays, or the times alone; none knows a mounted ConfigMap or Secret,
 * where nothing but a link two steps away changes, and none waits for a writer to end.
 */
package io.otelgraft.runtime.watch;
