package io.otelgraft.core.admission;

import io.otelgraft.core.resource.Instrumentation;
import io.otelgraft.core.resource.NamespaceFacts;
import io.otelgraft.core.resource.Resources;
import java.util.List;
import java.util.Optional;

/** What others know, for a test to change some of it. */
class ForwardingResources implements Resources {
  private final Resources known;

  ForwardingResources(Resources known) {
    this.known = known;
  }

  @Override
  public Lookup find(String namespace, String name) {
    return known.find(namespace, name);
  }

  @Override
  public List<Instrumentation> in(String namespace) {
    return known.in(namespace);
  }

  @Override
  public List<String> names(String namespace) {
    return known.names(namespace);
  }

  @Override
  public Optional<NamespaceFacts> namespace(String name) {
    return known.namespace(name);
  }

  @Override
  public Optional<Controller> controllerOf(Owned object) {
    return known.controllerOf(object);
  }

  @Override
  public boolean mayKnow(String language) {
    return known.mayKnow(language);
  }

  @Override
  public boolean complete() {
    return known.complete();
  }
}
