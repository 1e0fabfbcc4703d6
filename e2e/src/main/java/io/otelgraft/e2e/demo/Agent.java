package io.otelgraft.e2e.demo;

import io.otelgraft.e2e.images.Images;
import io.otelgraft.e2e.kubelet.Image;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What instruments an application.
 *
 * @param image the reference of its image
 * @param files the files of that
 * @param isBeside whether it observes the application from a container of its own
 * @param standIn what it is instead of the agent itself; empty when it is the agent itself
 */
record Agent(
    String image, Function<Images, Image> files, boolean isBeside, Optional<StandIn> standIn) {

  /**
   * What stands in for an agent that comes from no package registry, and says so in the
   * application's log.
   *
   * @param of the part of the agent that it stands in for
   * @param loaded the names of the programs and libraries that the application's process has loaded
   *     with it; empty when it is a script
   * @param reports whether it reports each request
   */
  record StandIn(String of, List<String> loaded, boolean reports) {}

  /** One that runs in the application's process. */
  static Agent in(String image, Function<Images, Image> files) {
    return new Agent(image, files, false, Optional.empty());
  }

  /** One that observes the application's process, where kernel and rights let it. */
  static Agent beside(String image, Function<Images, Image> files) {
    return new Agent(image, files, true, Optional.empty());
  }

  /** The same agent, if it is a stand-in for the real one. */
  Agent as(StandIn standIn) {
    return new Agent(image, files, isBeside, Optional.of(standIn));
  }
}
