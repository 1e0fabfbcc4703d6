package io.otelgraft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class ReviewsTest {

  @Test
  void a_review_is_as_large_as_the_one_that_the_limits_are_about() {
    assertThat(Reviews.ANNOTATED.bytes().length).isBetween(4_850, 4_950);
  }

  @Test
  void the_plain_pod_is_the_annotated_one_without_its_annotation() {
    ObjectNode annotated = Reviews.ANNOTATED.tree();
    ((ObjectNode) annotated.at("/request/object/metadata/annotations"))
        .remove("instrumentation.opentelemetry.io/inject-java");

    assertThat(Reviews.PLAIN.tree()).isEqualTo(annotated).isNotEqualTo(Reviews.ANNOTATED.tree());
  }
}
