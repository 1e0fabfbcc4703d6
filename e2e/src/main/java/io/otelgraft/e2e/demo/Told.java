package io.otelgraft.e2e.demo;

import io.otelgraft.e2e.Greeter;
import io.otelgraft.e2e.apiserver.Answer.Admitted;
import io.otelgraft.e2e.apiserver.Answer.Rejected;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the demonstration has shown.
 *
 * @param admissions the pod of each application, as it was admitted
 * @param chain the applications that ask each other, as they run at its end
 * @param trace the trace that crosses them
 * @param overGrpc a trace of the Flask example with an agent that speaks gRPC; empty when Python is
 *     left out
 * @param alone what was seen of each application that asks nobody
 * @param typo what came of the pod that names a wrong Instrumentation
 * @param unknown what came of the pod of a language without a plugin
 * @param dropped what came of the same pod with the plugin
 */
record Told(
    List<Admission> admissions,
    Chain chain,
    Trace trace,
    Optional<Trace> overGrpc,
    Map<Application, Alone> alone,
    Rejected typo,
    Rejected unknown,
    Admitted dropped) {

  /** All applications, as they run at its end. */
  Map<Application, Greeter> greeters() {
    Map<Application, Greeter> all = new LinkedHashMap<>(chain.greeters());
    alone.forEach((application, seen) -> all.put(application, seen.greeter()));
    return all;
  }

  /** Whether requests to an application are reported. */
  boolean reports(Application application) {
    return alone.containsKey(application)
        ? alone.get(application).trace().isPresent()
        : chain.reporting().contains(application);
  }

  /**
   * What was seen of an application that asks nobody.
   *
   * @param greeter the application
   * @param loaded the files that its process has loaded with a stand-in for its agent
   * @param said what the stand-in says in the application's log
   * @param trace that of a request; empty when the stand-in reports nothing
   */
  record Alone(Greeter greeter, List<String> loaded, List<String> said, Optional<Trace> trace) {}
}
