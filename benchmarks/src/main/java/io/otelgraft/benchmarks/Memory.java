package io.otelgraft.benchmarks;

/**
 * The memory of a process, in MiB.
 *
 * @param resident what of it is in RAM, RSS
 * @param peak the most that was
 * @param proportional like resident, with what is shared with other processes divided by their
 *     number, PSS
 * @see <a href="https://docs.kernel.org/filesystems/proc.html">The /proc filesystem</a>
 */
record Memory(double resident, double peak, double proportional) {

  /** That of a running process. */
  static Memory of(long pid) {
    String folder = "/proc/" + pid;
    return new Memory(
        mebibytes(folder + "/status", "VmRSS"),
        mebibytes(folder + "/status", "VmHWM"),
        mebibytes(folder + "/smaps_rollup", "Pss"));
  }

  private static double mebibytes(String file, String key) {
    return Double.parseDouble(Machine.field(file, key + ":").split(" ", 2)[0]) / 1024;
  }
}
