package io.otelgraft.runtime.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.cluster.ApiResource;
import io.otelgraft.cluster.RequestFailure;
import io.otelgraft.core.document.Documents;
import io.otelgraft.core.resource.Resources.ControlledBy;
import io.otelgraft.core.resource.Resources.Controller;
import io.otelgraft.core.resource.Resources.Owned;
import io.otelgraft.core.resource.Resources.Uncontrolled;
import io.otelgraft.core.resource.Resources.Untold;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class OwnerLookTest {
  private static final Owned CART = replicaSet("cart-7f9c", "u-1");
  private static final ControlledBy BY_CART = new ControlledBy("apps", "Deployment", "cart", "u-9");

  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicLong now = new AtomicLong();

  private static Owned replicaSet(String name, String uid) {
    return new Owned("shop", "apps", "ReplicaSet", name, uid);
  }

  /** The metadata of the object that was asked for, as an API server gives it. */
  private static Optional<ObjectNode> object(String uid, String references) {
    return Optional.of(
        Documents.read(
                "answer", "metadata: {uid: %s, ownerReferences: %s}".formatted(uid, references))
            .list()
            .getFirst()
            .tree());
  }

  private static Optional<ObjectNode> ofDeployment(String uid) {
    return object(
        uid,
        "[{apiVersion: v1, kind: Node, name: n, uid: u-3},"
            + " {apiVersion: apps/v1, kind: Deployment, name: cart, uid: u-9, controller: true}]");
  }

  private OwnerLook look(OwnerLook.Reader reader) {
    return new OwnerLook(
        (resource, namespace, name) -> {
          asked.incrementAndGet();
          return reader.metadata(resource, namespace, name);
        },
        now::get);
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Test
  void the_controller_of_a_ReplicaSet_is_read_once() {
    List<String> read = new ArrayList<>();
    try (OwnerLook look =
        look((resource, namespace, name) -> {
          read.add(resource + " " + namespace + "/" + name);
          return ofDeployment("u-1");
        })) {
      assertThat(look.controllerOf(CART)).isEqualTo(BY_CART);
      pass(Duration.ofDays(100));
      assertThat(look.controllerOf(CART)).isEqualTo(BY_CART);
    }
    assertThat(read).containsExactly("replicasets.apps shop/cart-7f9c");
  }

  @Test
  void a_Job_is_read_as_a_Job_and_other_kinds_are_not() {
    try (OwnerLook look =
        look((resource, _, _) -> {
          assertThat(resource).isEqualTo(ApiResource.JOBS);
          return object(
              "u-2",
              "[{apiVersion: batch/v1, kind: CronJob, name: report, uid: u-8, controller: true}]");
        })) {
      assertThat(look.controllerOf(new Owned("shop", "batch", "Job", "by-hand", "u-2")))
          .isEqualTo(new ControlledBy("batch", "CronJob", "report", "u-8"));
      assertThat(look.controllerOf(new Owned("shop", "batch.volcano.sh", "Job", "train", "u-3")))
          .isInstanceOf(Untold.class);
    }
    assertThat(asked).hasValue(1);
  }

  @Test
  void what_nothing_controls_may_be_adopted_later() {
    List<Optional<ObjectNode>> answers =
        new ArrayList<>(List.of(object("u-1", "[]"), ofDeployment("u-1")));
    try (OwnerLook look = look((_, _, _) -> answers.removeFirst())) {
      assertThat(look.controllerOf(CART)).isEqualTo(new Uncontrolled());
      pass(Duration.ofSeconds(59));
      assertThat(look.controllerOf(CART)).isEqualTo(new Uncontrolled());
      pass(Duration.ofSeconds(2));
      assertThat(look.controllerOf(CART)).isEqualTo(BY_CART);
    }
  }

  @Test
  void what_is_gone_says_nothing_and_another_of_its_name_neither() {
    List<Optional<ObjectNode>> answers =
        new ArrayList<>(List.of(Optional.empty(), ofDeployment("u-5"), ofDeployment("u-1")));
    try (OwnerLook look = look((_, _, _) -> answers.removeFirst())) {
      assertThat(why(look.controllerOf(CART))).contains("not there");
      pass(Duration.ofSeconds(2));
      assertThat(why(look.controllerOf(CART))).contains("another has its name");
      pass(Duration.ofSeconds(2));
      assertThat(look.controllerOf(CART)).isEqualTo(BY_CART);
    }
  }

  @Test
  void an_API_server_that_does_not_answer_is_not_waited_for() throws Exception {
    CountDownLatch answers = new CountDownLatch(1);
    try (OwnerLook look =
        look((_, _, _) -> {
          await(answers);
          return ofDeployment("u-1");
        })) {
      assertThat(why(look.controllerOf(CART))).contains("did not answer within 250 ms");
      assertThat(why(look.controllerOf(CART))).contains("did not answer");
      assertThat(asked).as("those who ask the same share the answer").hasValue(1);

      answers.countDown();
      assertThat(eventually(look)).isEqualTo(BY_CART);
      assertThat(asked).hasValue(1);
    }
  }

  private static Controller eventually(OwnerLook look) {
    Controller told = look.controllerOf(CART);
    for (int i = 0; i < 40 && told instanceof Untold; i++) {
      told = look.controllerOf(CART);
    }
    return told;
  }

  @Test
  void never_more_than_eight_questions_are_on_their_way() throws Exception {
    CountDownLatch answers = new CountDownLatch(1);
    CountDownLatch eight = new CountDownLatch(8);
    try (OwnerLook look =
            look((_, _, _) -> {
              eight.countDown();
              await(answers);
              return Optional.empty();
            });
        ExecutorService pods = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Controller>> told = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        Owned one = replicaSet("r-" + i, "u-" + i);
        told.add(pods.submit(() -> look.controllerOf(one)));
      }
      eight.await();
      for (Future<Controller> one : told) {
        assertThat(one.get()).isInstanceOf(Untold.class);
      }
      assertThat(asked).hasValue(8);
      answers.countDown();
    }
  }

  @Test
  void where_the_right_is_missing_the_API_server_is_not_asked_again_for_a_minute() {
    try (OwnerLook look =
        look((_, _, _) -> {
          throw RequestFailure.forbidden("replicasets.apps is forbidden");
        })) {
      assertThat(why(look.controllerOf(CART))).contains("forbidden");
      assertThat(why(look.controllerOf(replicaSet("other-1", "u-7")))).contains("forbidden");
      assertThat(asked).hasValue(1);
      pass(Duration.ofSeconds(61));
      assertThat(why(look.controllerOf(replicaSet("other-1", "u-7")))).contains("forbidden");
      assertThat(asked).hasValue(2);
    }
  }

  @Test
  void a_thousand_are_remembered_and_the_one_that_was_asked_for_longest_ago_is_not() {
    try (OwnerLook look = look((_, _, name) -> ofDeployment(name))) {
      for (int i = 0; i < 1_001; i++) {
        assertThat(look.controllerOf(replicaSet("u-" + i, "u-" + i))).isEqualTo(BY_CART);
      }
      assertThat(asked).hasValue(1_001);
      look.controllerOf(replicaSet("u-1000", "u-1000"));
      look.controllerOf(replicaSet("u-1", "u-1"));
      assertThat(asked).hasValue(1_001);
      look.controllerOf(replicaSet("u-0", "u-0"));
      assertThat(asked).hasValue(1_002);
    }
  }

  private static String why(Controller told) {
    assertThat(told).isInstanceOf(Untold.class);
    return ((Untold) told).why();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
