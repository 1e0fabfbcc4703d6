package io.otelgraft.deploy;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.Ports;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;

/**
 * The image: files in layers, and how a container of it starts. What changes least comes first, so
 * that a new version of Graft does not bring the JDK and the libraries anew.
 *
 * @param files its files
 * @param version of Graft
 * @param cache where layers are kept that were compressed before
 */
record ContainerImage(ImageFiles files, String version, Path cache) {

  /** As whom it starts, user and group. */
  static final int USER = 65532;

  private static final String HOME = EntryPoint.HOME.substring(1) + "/";

  /** Each layer with what is in it of what is in none before. */
  private static final Map<String, Predicate<String>> LAYERS = layers();

  private static Map<String, Predicate<String>> layers() {
    Map<String, Predicate<String>> layers = new LinkedHashMap<>();
    layers.put("system", path -> !path.startsWith(HOME));
    layers.put("jdk", path -> path.startsWith(HOME + "jdk"));
    layers.put(
        "libraries",
        path -> path.startsWith(HOME + "lib/") && !path.startsWith(HOME + "lib/graft-"));
    layers.put("graft", path -> !path.startsWith(HOME + "aot"));
    layers.put("aot", _ -> true);
    return layers;
  }

  /**
   * Writes it to an archive, as {@code docker save} does.
   *
   * @return its digest
   */
  String writeTo(Path archive, String name) {
    try {
      Files.createDirectories(archive.toAbsolutePath().getParent());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return containerize(
        Containerizer.to(TarImage.at(archive).named(reference(name))), ImageFormat.Docker);
  }

  /**
   * Pushes it to the registry in its name, with the credentials that {@code docker login} or {@code
   * podman login} left.
   *
   * @param insecure whether the registry may be without TLS, or with a certificate of its own
   * @return its digest
   */
  String push(String name, boolean insecure) {
    ImageReference reference = reference(name);
    RegistryImage target = RegistryImage.named(reference);
    CredentialRetrieverFactory credentials =
        CredentialRetrieverFactory.forImage(reference, _ -> {});
    target.addCredentialRetriever(credentials.dockerConfig());
    target.addCredentialRetriever(credentials.wellKnownCredentialHelpers());
    return containerize(
        Containerizer.to(target).setAllowInsecureRegistries(insecure), ImageFormat.OCI);
  }

  private static ImageReference reference(String name) {
    try {
      return ImageReference.parse(name);
    } catch (InvalidImageReferenceException e) {
      throw new Unbuildable(
          name + " is not the name of an image, such as registry.example.com/graft:1");
    }
  }

  private String containerize(Containerizer containerizer, ImageFormat format) {
    try {
      JibContainer container =
          container(format)
              .containerize(
                  containerizer
                      .setToolName("graft")
                      .setBaseImageLayersCache(cache.resolve("base"))
                      .setApplicationLayersCache(cache.resolve("layers")));
      return container.getDigest().toString();
    } catch (IOException | CacheDirectoryCreationException e) {
      throw new Unbuildable("the image cannot be written: " + e.getMessage());
    } catch (RegistryException | ExecutionException e) {
      throw new Unbuildable("the image cannot be pushed: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unbuildable("interrupted");
    }
  }

  private JibContainerBuilder container(ImageFormat format) throws IOException {
    JibContainerBuilder builder =
        Jib.fromScratch()
            .setFormat(format)
            .setPlatforms(Set.of(new Platform(architecture(), "linux")))
            .setCreationTime(ImageFiles.TIME)
            .setUser(USER + ":" + USER)
            // Names of files may be any.
            .addEnvironmentVariable("LANG", "C.UTF-8")
            .setEntrypoint(EntryPoint.command())
            .setProgramArguments("--help")
            .setExposedPorts(Ports.parse(List.of("8080", "9443")))
            .addLabel("org.opencontainers.image.title", "Graft")
            .addLabel(
                "org.opencontainers.image.description",
                "OpenTelemetry for Kubernetes workloads, without a code change")
            .addLabel("org.opencontainers.image.version", version)
            .addLabel("org.opencontainers.image.licenses", "Apache-2.0");
    Map<String, FileEntriesLayer.Builder> layers = new LinkedHashMap<>();
    LAYERS.keySet().forEach(name -> layers.put(name, FileEntriesLayer.builder().setName(name)));
    for (Path file : Folders.below(files.root())) {
      String path = files.root().relativize(file).toString();
      layers
          .get(layerOf(path))
          .addEntry(
              file, AbsoluteUnixPath.get("/" + path), permissions(file, path), ImageFiles.TIME);
    }
    layers.values().forEach(layer -> builder.addFileEntriesLayer(layer.build()));
    return builder;
  }

  private static String layerOf(String path) {
    return LAYERS.entrySet().stream()
        .filter(layer -> layer.getValue().test(path))
        .findFirst()
        .orElseThrow()
        .getKey();
  }

  /** Nobody but root may write, except to the folder for temporary files. */
  private static FilePermissions permissions(Path file, String path) {
    if (path.equals("tmp")) {
      return FilePermissions.fromOctalString("777");
    }
    boolean executable = Files.isDirectory(file) || Files.isExecutable(file);
    return FilePermissions.fromOctalString(executable ? "755" : "644");
  }

  /** That of this machine, as images name it: the JDK that is linked is the one that runs here. */
  static String architecture() {
    String name = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return switch (name) {
      case "x86_64" -> "amd64";
      case "aarch64" -> "arm64";
      default -> name;
    };
  }
}
