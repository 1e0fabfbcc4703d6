package io.otelgraft.runtime.cli;

/** What a command ends with. */
final class ExitCode {
  /** Done. */
  static final int OK = 0;

  /** Done, and the answer is no: a workload is rejected, a manifest has errors. */
  static final int NO = 1;

  /** Not done: wrong options, a file that cannot be read, a setting that is not known. */
  static final int NOT_DONE = 2;

  /** A bug in Graft; {@code EX_SOFTWARE} of {@code sysexits.h}. */
  static final int BUG = 70;

  private ExitCode() {}
}
