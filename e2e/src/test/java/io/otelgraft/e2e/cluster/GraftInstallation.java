package io.otelgraft.e2e.cluster;

import io.otelgraft.e2e.images.ContainerImage;
import java.util.List;
import java.util.Optional;
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
  private final Optional<String> commands;
  private GraftRelease release;
  private String told = "";

  private GraftInstallation(List<String> options, Optional<String> commands) {
    this.options = options;
    this.commands = commands;
  }

  /**
   * To be installed with values of its own.
   *
   * @param options of {@code helm install}, such as {@code --set}
   */
  static GraftInstallation with(String... options) {
    return new GraftInstallation(List.of(options), Optional.empty());
  }

  /** To be installed by commands, as {@link GraftRelease#shell} runs them. */
  static GraftInstallation by(String commands) {
    return new GraftInstallation(List.of(), Optional.of(commands));
  }

  /** What the commands printed by which it was installed. */
  String told() {
    return told;
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
    Cluster cluster = ClusterExtension.cluster(context);
    if (commands.isPresent()) {
      release = GraftRelease.in(cluster, ClusterExtension.IMAGES, image);
      told = release.shell(commands.get());
    } else {
      release =
          GraftRelease.install(
              cluster, ClusterExtension.IMAGES, image, options.toArray(String[]::new));
    }
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
