package io.otelgraft.e2e.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.e2e.apiserver.Answer.Admitted;
import io.otelgraft.e2e.apiserver.Answer.Rejected;
import java.util.List;
import java.util.Optional;

/**
 * What the demonstration has shown.
 *
 * @param pods the pods that ran, in the order of the trace, as they were admitted
 * @param trace the trace that crosses all applications
 * @param overGrpc a trace of the Flask example with an agent that speaks gRPC; empty when Python is
 *     left out
 * @param alone a trace of each application that is asked by itself
 * @param typo what came of the pod that names a wrong Instrumentation
 * @param unknown what came of the pod of a language without a plugin
 * @param dropped what came of the same pod with the plugin
 */
record Told(
    List<ObjectNode> pods,
    Trace trace,
    Optional<Trace> overGrpc,
    List<Trace> alone,
    Rejected typo,
    Rejected unknown,
    Admitted dropped) {}
