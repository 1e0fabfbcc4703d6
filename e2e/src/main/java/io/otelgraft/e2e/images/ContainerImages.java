package io.otelgraft.e2e.images;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.otelgraft.e2e.Finished;
import io.otelgraft.e2e.kubelet.Image;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The images of {@link Images} as a real cluster has them: with all that they need in them, in
 * archives. No engine and no registry is needed to make them.
 *
 * <p>They are kept beside the files that they are made of, under their content, as tags of their
 * references are.
 */
public final class ContainerImages {

  private static final String REPOSITORY = "e2e.otelgraft.io/";

  /** A pod has a network of its own, and is asked by its address in it. */
  private static final String ANY_ADDRESS = "0.0.0.0";

  /** Below these, images differ from the machine's root in all that they have. */
  private enum Base {
    /** Nothing. */
    NONE(""),
    /** A shell and the usual programs. */
    BUSYBOX("busybox"),
    HTTPD("base-httpd"),
    JAVA("base-java"),
    NATIVE("base-native"),
    NGINX("base-nginx"),
    NODEJS("base-nodejs"),
    PYTHON("base-python");

    private final String recipe;

    Base(String recipe) {
      this.recipe = recipe;
    }
  }

  private final ImageFiles files;
  private final ImageFiles images;
  private final Images contents;

  /**
   * The images of a checkout.
   *
   * @param e2e its folder {@code e2e}
   * @param progress is told what takes long, in a line each
   */
  public ContainerImages(Path e2e, Consumer<String> progress) {
    Path made = e2e.resolve("made");
    this.files = new ImageFiles(made, e2e, Map.of(), progress);
    this.images = new ImageFiles(made, e2e.resolve("images"), Map.of(), progress);
    this.contents = new Images(e2e.resolve("images"), progress);
  }

  /** A shell and the usual programs, of which init containers use {@code cp}. */
  public ContainerImage busybox() {
    return image("busybox", Image.of(images.made("busybox")).withCommand("sh"), Base.NONE);
  }

  /** A Kubernetes cluster of one node, see {@code e2e/cluster/kubebox}. */
  public ContainerImage kubebox() {
    return described(files.made("cluster/kubebox"));
  }

  /** The program kubectl, of the version of {@link #kubebox}. */
  public Path kubectl() {
    return files.made("cluster/kubebox").resolve("bin/kubectl");
  }

  /** The program helm. */
  public Path helm() {
    return files.made("helm").resolve("helm");
  }

  /**
   * A directory with the program {@code kwok}, which plays the kubelets of nodes that do not exist,
   * and its configuration {@code stages.yaml}.
   */
  public Path kwok() {
    return files.made("kwok");
  }

  /**
   * A Collector, as the project's own images are: {@code /otelcol --config
   * /etc/otelcol/config.yaml}. It receives OTLP; it exports it, and writes it to files; it has the
   * processors batch, memory_limiter and resource.
   */
  public ContainerImage collector() {
    return described(files.made("collector"));
  }

  private static ContainerImage described(Path made) {
    try {
      return new ContainerImage(
          Files.readString(made.resolve("image")).strip(), made.resolve("image.tar"));
    } catch (IOException e) {
      throw new UncheckedIOException("the image in " + made, e);
    }
  }

  /** {@link Images#javaAgent}. */
  public ContainerImage javaAgent() {
    return image("agent-java", contents.javaAgent(), Base.BUSYBOX);
  }

  /** {@link Images#pythonAgent}. */
  public ContainerImage pythonAgent() {
    return image("agent-python", contents.pythonAgent(), Base.BUSYBOX);
  }

  /** {@link Images#nodejsAgent}. */
  public ContainerImage nodejsAgent() {
    return image("agent-nodejs", contents.nodejsAgent(), Base.BUSYBOX);
  }

  /** {@link Images#goAgent}. */
  public ContainerImage goAgent() {
    return image("agent-go", contents.goAgent(), Base.NONE);
  }

  /** {@link Images#dotnetAgentStandIn}. */
  public ContainerImage dotnetAgentStandIn() {
    return image("agent-dotnet", contents.dotnetAgentStandIn(), Base.BUSYBOX);
  }

  /** {@link Images#standInForWebServerAgent}. */
  public ContainerImage standInForWebServerAgent() {
    return image("agent-webserver", contents.standInForWebServerAgent(), Base.BUSYBOX);
  }

  /** {@link Images#javaApp}. */
  public ContainerImage javaApp() {
    return app(
        "java", contents.javaApp().withEnv("PATH", "/opt/java/bin:" + Images.TOOLS), Base.JAVA);
  }

  /** {@link Images#flaskApp}. */
  public ContainerImage flaskApp() {
    return app("flask", contents.flaskApp().withEnv("FLASK_RUN_HOST", ANY_ADDRESS), Base.PYTHON);
  }

  /** {@link Images#pythonAppWithSdk}. */
  public ContainerImage pythonAppWithSdk() {
    return app("python-sdk", contents.pythonAppWithSdk(), Base.PYTHON);
  }

  /** {@link Images#expressApp}. */
  public ContainerImage expressApp() {
    return app("express", contents.expressApp(), Base.NODEJS);
  }

  /** {@link Images#goApp}. */
  public ContainerImage goApp() {
    return app("go", contents.goApp(), Base.BUSYBOX);
  }

  /** {@link Images#dotnetApp}. */
  public ContainerImage dotnetApp() {
    return app("dotnet", contents.dotnetApp(), Base.NATIVE);
  }

  /** {@link Images#httpdApp}. */
  public ContainerImage httpdApp() {
    return app("httpd", contents.httpdApp(), Base.HTTPD);
  }

  private ContainerImage app(String name, Image image, Base base) {
    return image("app-" + name, image.withEnv("HOST", ANY_ADDRESS), base);
  }

  private ContainerImage image(String name, Image image, Base base) {
    Path tool = files.made("oci-image");
    List<String> arguments = new ArrayList<>();
    if (base != Base.NONE) {
      Path below = image(base.recipe, Image.of(images.made(base.recipe)), Base.NONE).archive();
      arguments.add("--base=" + below);
    }
    arguments.add("--layer=" + image.root());
    new TreeMap<>(image.env())
        .forEach((variable, value) -> arguments.add("--env=" + variable + "=" + value));
    image.entrypoint().forEach(word -> arguments.add("--entrypoint=" + word));
    image.command().forEach(word -> arguments.add("--command=" + word));
    arguments.add("--working-directory=" + image.workingDirectory());
    // The files' names say what is in them.
    String tag = hash(tool + " " + arguments);
    Path archive = tool.resolveSibling(name + "-image-" + tag + ".tar");
    if (!Files.exists(archive)) {
      arguments.add("--name=" + REPOSITORY + name);
      arguments.add("--tag=" + tag);
      write(archive, tool.resolve("oci-image"), arguments);
    }
    return new ContainerImage(REPOSITORY + name + ":" + tag, archive);
  }

  private static void write(Path archive, Path program, List<String> arguments) {
    try {
      // Whoever sees the file under its name sees all of it.
      Path unfinished = Files.createTempFile(archive.getParent(), "image", ".unfinished");
      List<String> command = new ArrayList<>(arguments);
      command.addFirst(program.toString());
      command.add("--output=" + unfinished);
      Finished written = Finished.run(new ProcessBuilder(command), "");
      if (written.exit() != 0) {
        Files.delete(unfinished);
        throw new IllegalStateException("%s failed: %s".formatted(command, written.errors()));
      }
      Files.move(unfinished, archive, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + archive, e);
    }
  }

  private static String hash(String text) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
