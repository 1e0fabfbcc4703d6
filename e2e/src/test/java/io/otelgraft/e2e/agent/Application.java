package io.otelgraft.e2e.agent;

/** An application that says what it sees. */
public final class Application {

  private Application() {}

  /** Prints its greeting, the system property {@code own.option}, and its arguments. */
  public static void main(String[] arguments) {
    System.out.println("greeting: " + greeting());
    System.out.println("own.option: " + System.getProperty("own.option"));
    System.out.println("arguments: " + String.join(" ", arguments));
  }

  static String greeting() {
    return "as it was written";
  }
}
