package io.otelgraft.e2e.cluster;

import io.otelgraft.e2e.images.ContainerImages;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests that each have a {@link Shop} in a namespace of their own. */
@ExtendWith(ClusterExtension.class)
abstract class ShopTests {

  Cluster cluster;
  ContainerImages images;
  Shop shop;

  @BeforeEach
  void open(Cluster cluster, ContainerImages images, Namespace namespace) {
    this.cluster = cluster;
    this.images = images;
    shop = Shop.open(cluster, images, namespace);
  }
}
