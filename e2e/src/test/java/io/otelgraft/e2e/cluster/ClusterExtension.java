package io.otelgraft.e2e.cluster;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.otelgraft.e2e.images.ContainerImages;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.testcontainers.DockerClientFactory;

/**
 * Gives the tests of a class a {@link Cluster}, which is started once in a run, and each of them a
 * {@link Namespace} of its own, as parameters of the test or of what runs before it.
 *
 * <p>When a test fails, what is in its namespace is printed before that is removed: events, the
 * states of pods, and what their containers wrote.
 */
final class ClusterExtension implements BeforeAllCallback, AfterEachCallback, ParameterResolver {

  private static final ExtensionContext.Namespace STORE =
      ExtensionContext.Namespace.create(ClusterExtension.class);

  private static final int LONGEST_NAME = 50;
  private static final AtomicInteger NAMESPACES = new AtomicInteger();

  static final ContainerImages IMAGES = new ContainerImages(Path.of(""), System.out::println);

  @Override
  public void beforeAll(ExtensionContext context) {
    cluster(context);
  }

  static Cluster cluster(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(STORE)
        .computeIfAbsent(Cluster.class, any -> start(), Cluster.class);
  }

  private static Cluster start() {
    String kind = System.getProperty("graft.e2e.cluster", "kubebox");
    if (kind.equals("kubeconfig")) {
      return ExistingCluster.connect();
    }
    assumeTrue(
        DockerClientFactory.instance().isDockerAvailable(),
        "could not run here: no docker engine answers, see e2e/prepare-cluster");
    return switch (kind) {
      case "kubebox" -> KubeboxCluster.start(IMAGES);
      case "k3s" -> K3sCluster.start();
      default ->
          throw new IllegalArgumentException(
              "graft.e2e.cluster is kubebox, k3s or kubeconfig, not " + kind);
    };
  }

  private static Namespace namespace(ExtensionContext test) {
    return test.getStore(STORE)
        .computeIfAbsent(
            Namespace.class,
            any -> Namespace.create(cluster(test).kubectl(), name(test)),
            Namespace.class);
  }

  /** Says which test it belongs to, and is not that of another one or of an earlier run. */
  private static String name(ExtensionContext test) {
    String words =
        test.getRequiredTestMethod()
            .getName()
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]+", "-")
            .replaceAll("^-", "");
    String start = words.substring(0, Math.min(words.length(), LONGEST_NAME)).replaceAll("-$", "");
    String run = Long.toString(ProcessHandle.current().pid(), Character.MAX_RADIX);
    return "%s-%s-%d".formatted(start, run, NAMESPACES.incrementAndGet());
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == Cluster.class
        || type == ContainerImages.class
        || (type == Namespace.class && context.getTestMethod().isPresent());
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    if (type == ContainerImages.class) {
      return IMAGES;
    }
    return type == Cluster.class ? cluster(context) : namespace(context);
  }

  @Override
  public void afterEach(ExtensionContext test) {
    Namespace namespace = test.getStore(STORE).remove(Namespace.class, Namespace.class);
    if (namespace == null) {
      return;
    }
    if (test.getExecutionException().isPresent()) {
      System.out.printf(
          "%n=== %s failed; its namespace:%n%s%n", test.getDisplayName(), namespace.describe());
    }
    namespace.delete();
  }
}
