package io.otelgraft.e2e.kubelet;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The volumes of one pod as directories of this machine. */
final class PodVolumes {

  /** A directory or file, and whether nobody may write it. */
  record Volume(Path path, Access access) {}

  private final JsonNode pod;
  private final DownwardApi downward;
  private final ApiObjects objects;
  private final Map<String, Image> images;
  private final Path directory;
  private final Map<String, Volume> volumes = new HashMap<>();

  /**
   * Makes the pod's volumes.
   *
   * @param directory where those that live as long as the pod are kept
   * @throws PodFailedException when a volume is of a kind that cannot be had here, or refers to
   *     what does not exist
   */
  PodVolumes(
      JsonNode pod, Node node, ApiObjects objects, Map<String, Image> images, Path directory) {
    this.pod = pod;
    this.downward = new DownwardApi(pod, node);
    this.objects = objects;
    this.images = images;
    this.directory = directory;
    for (JsonNode volume : pod.path("spec").path("volumes")) {
      String name = volume.path("name").asText();
      try {
        volumes.put(name, realise(name, volume));
      } catch (IOException e) {
        throw new UncheckedIOException("volume " + name, e);
      }
    }
  }

  /**
   * The volume of that name.
   *
   * @throws PodFailedException when the pod defines none
   */
  Volume named(String name) {
    Volume volume = volumes.get(name);
    if (volume == null) {
      throw new PodFailedException(
          "Invalid value: volumeMounts name " + name + " not found in " + volumes.keySet());
    }
    return volume;
  }

  private Volume realise(String name, JsonNode volume) throws IOException {
    String kind =
        volume.properties().stream()
            .map(Map.Entry::getKey)
            .filter(key -> !key.equals("name"))
            .findFirst()
            .orElse("emptyDir");
    JsonNode source = volume.path(kind);
    Path own = directory.resolve(name);
    return switch (kind) {
      // Nothing provisions a claim here; a fresh directory is what a dynamic provisioner would
      // give.
      case "emptyDir", "ephemeral" -> new Volume(Files.createDirectories(own), Access.WRITABLE);
      case "hostPath" -> new Volume(hostPath(source), Access.WRITABLE);
      case "image" -> new Volume(image(source.path("reference").asText()).root(), Access.OF_IMAGE);
      case "configMap", "secret", "downwardAPI" -> {
        write(own, files(kind, source));
        yield new Volume(own, Access.READ_ONLY);
      }
      case "projected" -> {
        for (JsonNode projection : source.path("sources")) {
          for (Map.Entry<String, JsonNode> part : projection.properties()) {
            write(own, files(part.getKey(), part.getValue()));
          }
        }
        yield new Volume(own, Access.READ_ONLY);
      }
      default ->
          throw new PodFailedException(
              "FailedMount: volume " + name + ": there is no " + kind + " here");
    };
  }

  private Image image(String reference) {
    Image image = images.get(reference);
    if (image == null) {
      throw new PodFailedException(
          "ErrImagePull: no image " + reference + " among " + images.keySet());
    }
    return image;
  }

  private static Path hostPath(JsonNode source) throws IOException {
    Path path = Path.of(source.path("path").asText());
    if (source.path("type").asText().equals("DirectoryOrCreate")) {
      Files.createDirectories(path);
    }
    if (!Files.exists(path)) {
      throw new PodFailedException("FailedMount: hostPath " + path + " does not exist");
    }
    return path;
  }

  private Map<String, byte[]> files(String kind, JsonNode source) {
    return switch (kind) {
      case "configMap" -> selected("ConfigMap", source);
      case "secret" -> selected("Secret", source);
      case "downwardAPI" -> {
        Map<String, byte[]> files = new TreeMap<>();
        for (JsonNode item : source.path("items")) {
          String value =
              item.has("fieldRef")
                  ? downward.field(item.path("fieldRef"))
                  : downward.resource(item.path("resourceFieldRef"), item);
          files.put(item.path("path").asText(), value.getBytes(UTF_8));
        }
        yield files;
      }
      // Nobody here accepts it; the file is there because clients look for it.
      case "serviceAccountToken" ->
          Map.of(source.path("path").asText(), "stand-in".getBytes(UTF_8));
      default ->
          throw new PodFailedException("FailedMount: there is no projected " + kind + " here");
    };
  }

  private Map<String, byte[]> selected(String kind, JsonNode source) {
    Optional<Map<String, byte[]>> data =
        objects.data(kind, pod.at("/metadata/namespace").asText(), source);
    if (data.isEmpty() || !source.has("items")) {
      return data.orElse(Map.of());
    }
    Map<String, byte[]> files = new TreeMap<>();
    for (JsonNode item : source.path("items")) {
      String key = item.path("key").asText();
      byte[] content = data.get().get(key);
      if (content != null) {
        files.put(item.path("path").asText(), content);
      } else if (!source.path("optional").asBoolean()) {
        throw new PodFailedException("FailedMount: " + kind + " has no key " + key);
      }
    }
    return files;
  }

  private static void write(Path directory, Map<String, byte[]> files) throws IOException {
    Files.createDirectories(directory);
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = directory.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
  }
}
