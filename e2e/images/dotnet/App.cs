using System;

/** An application that says what it sees. */
public static class App {
  public static void Main() {
    Console.Error.WriteLine("main ran as " + Environment.GetEnvironmentVariable("OTEL_SERVICE_NAME"));
  }
}
