package io.otelgraft.e2e.cluster;

import io.otelgraft.e2e.images.ContainerImage;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Graft in the {@link Cluster} of a class, installed by Helm before its tests and removed after
 * them, as a {@code @RegisterExtension} of a class that has the {@link ClusterExtension}. When a
 * test fails, what Graft's pods logged is printed.
 *
 * <pre>{@code
 * static final GraftInstallation GRAFT = GraftInstallation.with("--set=replicas=1");
 * }</pre>
 */
final class GraftInstallation
    implements BeforeAllCallback, AfterAllCallback, AfterTestExecutionCallback {

  private static final ExtensionContext.Namespace STORE =
      ExtensionContext.Namespace.create(GraftInstallation.class);

  private final List<String> options;
  private GraftRelease release;

  private GraftInstallation(List<String> options) {
    this.options = options;
  }

  /**
   * To be installed with values of its own.
   *
   * @param options of {@code helm install}, such as {@code --set}
   */
  static GraftInstallation with(String... options) {
    return new GraftInstallation(List.of(options));
  }

  /** What is installed, while the tests of the class run. */
  GraftRelease release() {
    return release;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    ContainerImage image =
        context
            .getRoot()
            .getStore(STORE)
            .computeIfAbsent(
                ContainerImage.class, any -> OperatorImage.make(), ContainerImage.class);
    release =
        GraftRelease.install(
            ClusterExtension.cluster(context),
            ClusterExtension.IMAGES,
            image,
            options.toArray(String[]::new));
  }

  @Override
  public void afterTestExecution(ExtensionContext test) {
    if (test.getExecutionException().isPresent()) {
      System.out.println(release.describe());
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (release != null) {
      release.close();
    }
  }
}
