package io.otelgraft.runtime;

/** Where the command {@code graft} begins. */
final class Main {
  private Main() {}

  static void main(String[] arguments) {
    if (arguments.length == 1 && arguments[0].equals("--version")) {
      System.out.println("graft " + version());
    } else {
      System.err.println("usage: graft --version");
      System.exit(2);
    }
  }

  /** The version that this module was built as; "unknown" where classes were not built by Maven. */
  private static String version() {
    return Main.class.getModule().getDescriptor().rawVersion().orElse("unknown");
  }
}
