package io.otelgraft.e2e.demo;

import io.otelgraft.e2e.Graft;
import io.otelgraft.e2e.Manifests;
import java.nio.file.Path;

/**
 * The checkout that the demonstration belongs to.
 *
 * @param root its folder
 */
record Checkout(Path root) {

  /** The distribution that its build made. */
  Graft graft() {
    return new Graft(root.resolve("runtime/target/graft"));
  }

  /** A file. */
  Path file(String name) {
    return root.resolve(name);
  }

  /** What a file says. */
  String text(String name) {
    return Manifests.text(file(name));
  }
}
