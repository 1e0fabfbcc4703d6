package io.otelgraft.e2e.kubelet;

/** What a container may do with what it mounts. */
enum Access {
  /** All that the files' modes allow. */
  WRITABLE(""),
  /** All but write. */
  READ_ONLY("ro"),
  /**
   * Read: no file of it is run, and no native code is loaded from it.
   *
   * @see <a href="https://kubernetes.io/docs/concepts/storage/volumes/#image">image volumes</a>
   */
  OF_IMAGE("ro,noexec");

  private final String options;

  Access(String options) {
    this.options = options;
  }

  /** The options of a mount; the empty string for none. */
  String options() {
    return options;
  }
}
