package io.otelgraft.deploy;

import java.util.ArrayList;
import java.util.List;

/**
 * How a container of the image starts: {@code java}, since there is no shell for the launcher, but
 * with the launcher's options, which are files of the distribution.
 */
final class EntryPoint {

  /** Where Graft is in the image. */
  static final String HOME = "/graft";

  /** The cache that shortens the start. */
  static final String CACHE = HOME + "/aot/operate.aot";

  private EntryPoint() {}

  /** The words before the arguments of the command line. */
  static List<String> command() {
    return java("-XX:AOTCache=" + CACHE, "main");
  }

  /** The words that have the JVM learn what an operator takes, and leave its {@link #CACHE}. */
  static List<String> rehearsal() {
    List<String> words = new ArrayList<>(java("-XX:AOTCacheOutput=" + CACHE, "rehearse-operate"));
    words.add(HOME + "/examples/flask.yaml");
    return words;
  }

  /** The words that print Graft's version if the JVM takes the {@link #CACHE}, and fail if not. */
  static List<String> proof() {
    List<String> words = new ArrayList<>(command());
    words.add(1, "-XX:AOTMode=on");
    words.add("--version");
    return words;
  }

  private static List<String> java(String cache, String start) {
    return List.of(
        HOME + "/jdk/bin/java",
        "@" + HOME + "/jvm/serve",
        "@" + HOME + "/jvm/always",
        "@" + HOME + "/jvm/cluster",
        cache,
        "-Dio.otelgraft.home=" + HOME,
        "-Djava.security.properties=" + HOME + "/jvm/security.properties",
        "--module-path",
        HOME + "/lib:" + HOME + "/cluster",
        "@" + HOME + "/jvm/" + start);
  }
}
