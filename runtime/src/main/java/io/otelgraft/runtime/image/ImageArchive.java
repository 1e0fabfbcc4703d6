package io.otelgraft.runtime.image;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.core.document.DocumentException;
import io.otelgraft.core.document.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Images in a file or folder: an OCI image layout, as a folder or in a tar archive, or what {@code
 * docker save} and {@code podman save} write. Archives may be compressed with gzip.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/image-layout.md">Image
 *     layout</a>
 */
public final class ImageArchive {
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

  /** Deeper than anybody nests an index in another. */
  private static final int DEEPEST = 4;

  private final Path path;
  private final Documents documents;
  private final List<ImageConfig> images = new ArrayList<>(1);

  /** Where documents are, by their paths in the archive. */
  private interface Documents {
    /** Null if there is none. */
    byte[] find(String name) throws IOException;
  }

  private ImageArchive(Path path, Documents documents) {
    this.path = path;
    this.documents = documents;
  }

  /**
   * The configuration of the image in a file or folder.
   *
   * @param path the archive or the folder
   * @param platform the platform, as {@code OS/ARCHITECTURE}; the empty string if there is only one
   * @throws UnreadableImage if it cannot be read, is no image, or is several of which none is
   *     chosen
   */
  public static ImageConfig read(Path path, String platform) {
    try {
      if (!Files.exists(path)) {
        throw new UnreadableImage(path + " does not exist");
      }
      ImageArchive archive = new ImageArchive(path, documents(path));
      archive.collect();
      return archive.only(platform);
    } catch (IOException e) {
      throw new UnreadableImage(
          "%s cannot be read: %s; it has to be what docker save writes, or an OCI image layout"
              .formatted(path, e.getMessage()));
    }
  }

  private static Documents documents(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return Tar.documents(path)::get;
    }
    return name -> {
      Path file = path.resolve(name).normalize();
      return file.startsWith(path.normalize()) && Files.isRegularFile(file)
          ? Files.readAllBytes(file)
          : null;
    };
  }

  private void collect() throws IOException {
    byte[] index = documents.find("index.json");
    byte[] saved = documents.find("manifest.json");
    if (index != null) {
      addAll(parse("index.json", index), List.of(), "", 0);
    } else if (saved != null) {
      for (JsonNode image : images(saved)) {
        List<String> names = new ArrayList<>();
        image.path("RepoTags").forEach(tag -> names.add(tag.asText()));
        String config = image.path("Config").asText();
        byte[] found = documents.find(config);
        if (found == null) {
          throw new UnreadableImage(
              "%s lacks %s, which its manifest.json names".formatted(path, config));
        }
        add(parse(config, found), names, "");
      }
    } else {
      throw new UnreadableImage(
          "%s is no image: it has neither index.json, as an OCI image layout, nor manifest.json, as docker save writes"
              .formatted(path));
    }
    if (images.isEmpty()) {
      throw new UnreadableImage(path + " holds no image: its blobs are missing");
    }
  }

  private void addAll(JsonNode index, List<String> names, String platform, int depth)
      throws IOException {
    for (JsonNode descriptor : index.path("manifests")) {
      JsonNode annotations = descriptor.path("annotations");
      if (annotations.has("vnd.docker.reference.type")) {
        continue; // An attestation, which is listed like an image and is none.
      }
      Set<String> here = new LinkedHashSet<>(names);
      for (String key : List.of("io.containerd.image.name", "org.opencontainers.image.ref.name")) {
        if (here.isEmpty() && annotations.has(key)) {
          here.add(annotations.get(key).asText());
        }
      }
      String of = platform(descriptor.path("platform"), platform);
      JsonNode manifest = blob(descriptor);
      if (manifest == null) {
        continue; // One of the platforms that were not pulled, and so not saved.
      }
      if (manifest.has("manifests") && depth < DEEPEST) {
        addAll(manifest, List.copyOf(here), of, depth + 1);
      } else {
        JsonNode config = blob(manifest.path("config"));
        if (config != null) {
          add(config, List.copyOf(here), of);
        }
      }
    }
  }

  private void add(JsonNode config, List<String> names, String platform) {
    Map<String, String> env = new LinkedHashMap<>();
    for (JsonNode entry : config.path("config").path("Env")) {
      String text = entry.asText();
      int equals = text.indexOf('=');
      if (equals > 0) {
        env.put(text.substring(0, equals), text.substring(equals + 1));
      }
    }
    images.add(new ImageConfig(names, platform(config, platform), env));
  }

  private static String platform(JsonNode node, String otherwise) {
    String os = node.path("os").asText();
    String architecture = node.path("architecture").asText();
    String variant = node.path("variant").asText();
    return os.isEmpty() || architecture.isEmpty()
        ? otherwise
        : os + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
  }

  /** What a descriptor stands for; null if the archive does not have it. */
  private JsonNode blob(JsonNode descriptor) throws IOException {
    String digest = descriptor.path("digest").asText();
    if (!DIGEST.matcher(digest).matches()) {
      throw new UnreadableImage(
          "%s has the digest \"%s\", which is not one of SHA-256".formatted(path, digest));
    }
    String hex = digest.substring(digest.indexOf(':') + 1);
    String name = "blobs/sha256/" + hex;
    byte[] blob = documents.find(name);
    if (blob == null) {
      return null;
    }
    if (!HexFormat.of().formatHex(sha256(blob)).equals(hex)) {
      throw new UnreadableImage(
          "%s is damaged: %s is not what its digest says; copy it again".formatted(path, name));
    }
    return parse(name, blob);
  }

  private static byte[] sha256(byte[] blob) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(blob);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has it", e);
    }
  }

  /** What docker save writes is a list, and a document here is an object. */
  private JsonNode images(byte[] list) {
    String json = new String(list, StandardCharsets.UTF_8);
    byte[] object = ("{\"images\": " + json + "}").getBytes(StandardCharsets.UTF_8);
    return parse("manifest.json", object).path("images");
  }

  private JsonNode parse(String name, byte[] json) {
    try {
      return Json.read(json);
    } catch (DocumentException e) {
      throw new UnreadableImage("%s is damaged: %s is no JSON".formatted(path, name));
    }
  }

  /** The one image, or one of several that do not differ in what is asked for. */
  private ImageConfig only(String platform) {
    List<ImageConfig> wanted =
        platform.isEmpty()
            ? images
            : images.stream().filter(image -> image.isFor(platform)).toList();
    if (wanted.isEmpty()) {
      throw new UnreadableImage(
          "%s holds no image for %s, only for %s".formatted(path, platform, platforms(images)));
    }
    boolean same = wanted.stream().map(ImageConfig::env).distinct().count() == 1;
    boolean sameNames = wanted.stream().map(ImageConfig::names).distinct().count() == 1;
    if (!sameNames) {
      throw new UnreadableImage(
          "%s holds several images: %s; save one of them"
              .formatted(
                  path,
                  wanted.stream()
                      .map(image -> String.join(" ", image.names()))
                      .distinct()
                      .collect(Collectors.joining(", "))));
    }
    if (!same) {
      throw new UnreadableImage(
          "%s holds images for %s; choose one with --platform".formatted(path, platforms(wanted)));
    }
    return wanted.getFirst();
  }

  private static String platforms(List<ImageConfig> images) {
    return images.stream().map(ImageConfig::platform).distinct().collect(Collectors.joining(", "));
  }
}
