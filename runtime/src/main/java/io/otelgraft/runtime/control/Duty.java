package io.otelgraft.runtime.control;

/**
 * Something that has to be so in the cluster, and that is looked after again and again. What is so
 * already costs a look and no write.
 */
interface Duty {

  /** What it is, for people. */
  String name();

  /**
   * Makes it so.
   *
   * @param leads whether this replica leads; what all of them would do in the same way is the
   *     leader's
   */
  void fulfil(boolean leads);
}
