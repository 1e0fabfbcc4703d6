package io.otelgraft.cluster;

import java.util.List;
import java.util.logging.Logger;

/**
 * What the client logs as errors, with a stack trace each, although they are none: that its threads
 * are interrupted, which is how they end.
 */
final class ClientLogs {

  private static final List<Logger> LOGGERS =
      List.of(
          Logger.getLogger("io.kubernetes.client.informer.cache.Controller"),
          Logger.getLogger("io.kubernetes.client.informer.cache.ProcessorListener"),
          Logger.getLogger("io.kubernetes.client.extended.leaderelection.LeaderElector"));

  private ClientLogs() {}

  /** Leaves them out from now on. */
  static void withoutInterruptions() {
    for (Logger logger : LOGGERS) {
      logger.setFilter(record -> !(record.getThrown() instanceof InterruptedException));
    }
  }
}
