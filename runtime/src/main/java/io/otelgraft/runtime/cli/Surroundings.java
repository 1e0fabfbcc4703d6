package io.otelgraft.runtime.cli;

import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a command reads and writes beside the files that it is given.
 *
 * @param in standard input
 * @param out standard output, which holds results and nothing else
 * @param err standard error
 * @param environment the environment
 * @param home the folder of the distribution; empty if Graft was not started from one
 * @param terminal whether standard output is a terminal
 */
public record Surroundings(
    InputStream in,
    OutputStream out,
    OutputStream err,
    Map<String, String> environment,
    Optional<Path> home,
    boolean terminal) {

  /** Those of this process. */
  public static Surroundings ofProcess() {
    return new Surroundings(
        System.in,
        new FileOutputStream(FileDescriptor.out),
        System.err,
        System.getenv(),
        Optional.ofNullable(System.getProperty("io.otelgraft.home")).map(Path::of),
        Boolean.getBoolean("io.otelgraft.terminal"));
  }

  /** Whether to use colours: on a terminal, unless {@code NO_COLOR} is set. */
  boolean colours() {
    return terminal
        && environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !environment.getOrDefault("TERM", "").equals("dumb");
  }

  /**
   * Writes a result. A reader that has gone away, as {@code head} does, wants no more of it, and
   * that is no error.
   */
  void print(String text) {
    print(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes a result, as {@link #print(String)}. */
  void print(byte[] bytes) {
    try {
      out.write(bytes);
      out.flush();
    } catch (IOException e) {
      if (!"Broken pipe".equals(e.getMessage())) {
        throw new CommandFailure("cannot write to standard output: " + e.getMessage());
      }
    }
  }

  /** Tells the user something beside the result: a line. */
  void tell(String line) {
    try {
      err.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      err.flush();
    } catch (IOException e) {
      // There is nobody left to tell.
    }
  }

  /** A writer to {@code stream} for those who want one. */
  static PrintWriter writer(OutputStream stream) {
    Writer writer = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
    return new PrintWriter(writer, true);
  }
}
