package io.otelgraft.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.e2e.Finished;
import io.otelgraft.e2e.images.ContainerImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.opentest4j.TestAbortedException;

/**
 * A cluster that runs already, and stays.
 *
 * <p>How an image comes to it only its owner knows: the property {@code graft.e2e.load} is a
 * command that gets the path of the archive as its last word, such as {@code kind load
 * image-archive}.
 */
final class ExistingCluster implements Cluster {

  private static final String LOAD = "graft.e2e.load";

  private final Kubectl kubectl;
  private final Set<String> loaded = new HashSet<>();

  private ExistingCluster(Kubectl kubectl) {
    this.kubectl = kubectl;
  }

  /** The one at the current context of {@code KUBECONFIG}, or of {@code ~/.kube/config}. */
  static Cluster connect() {
    String variable = System.getenv("KUBECONFIG");
    Path kubeconfig =
        variable == null || variable.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".kube", "config")
            : Path.of(variable);
    return new ExistingCluster(new Kubectl(Path.of("kubectl"), kubeconfig));
  }

  @Override
  public Kubectl kubectl() {
    return kubectl;
  }

  @Override
  public synchronized String load(ContainerImage image) {
    if (loaded.add(image.reference())) {
      String command = System.getProperty(LOAD, "");
      if (command.isBlank()) {
        throw new IllegalStateException(
            "how does the image %s come to the cluster? Set -D%s to a command that imports an"
                    .formatted(image.reference(), LOAD)
                + " archive, for example 'kind load image-archive'");
      }
      List<String> words = new ArrayList<>(List.of(command.split(" ", -1)));
      words.add(image.archive().toString());
      Finished finished = Finished.run(new ProcessBuilder(words), "");
      if (finished.exit() != 0) {
        throw new IllegalStateException(
            "%s: %s%s".formatted(words, finished.output(), finished.errors()));
      }
    }
    return image.reference();
  }

  @Override
  public void restartApiServer() {
    throw new TestAbortedException("could not run here: the API server is not one of the tests'");
  }

  @Override
  public void kill(JsonNode pod) {
    throw new TestAbortedException("could not run here: the nodes are not the tests'");
  }

  @Override
  public void close() {
    // It is not ours.
  }
}
