package io.otelgraft.runtime.telemetry;

import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.resource.Resources.Lookup;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * What a running Graft is made of, as it is whenever somebody asks.
 *
 * @param catalogue the plugins
 * @param instrumentations all Instrumentations by {@code namespace/name}
 * @param certificate when the certificate that is served can be trusted
 * @param lostThreads how many threads have not come back from a decision
 */
public record State(
    Supplier<Catalogue> catalogue,
    Supplier<Map<String, Lookup>> instrumentations,
    Supplier<Validity> certificate,
    IntSupplier lostThreads) {}
