package io.otelgraft.runtime.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.admission.Decision.Outcome;
import io.otelgraft.runtime.server.Answered;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class DecisionsTest {
  private final Scene scene = new Scene();
  private final AtomicLong clock = new AtomicLong();
  private final Decisions decisions = new Decisions(clock::get);

  private List<Kept> all() {
    return decisions.latest(_ -> true);
  }

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }

  @Test
  void the_newest_come_first_with_what_was_decided() {
    decisions.answered(scene.decide(Scene.pod("first", "true")));
    decisions.answered(scene.decide(Scene.pod("second", "nowhere")));

    assertThat(all()).extracting(Kept::title).containsExactly("Pod shop/second", "Pod shop/first");
    assertThat(all()).extracting(Kept::outcome).containsExactly(Outcome.REJECTED, Outcome.INJECTED);
    assertThat(all().getFirst().message()).contains("nowhere", "does not exist");
    assertThat(all().getLast().languages()).containsExactly("quill");
  }

  @Test
  void pods_that_ask_for_nothing_are_counted_and_not_kept() {
    for (int i = 0; i < 1000; i++) {
      decisions.answered(scene.decide(Scene.plain("plain")));
    }

    assertThat(all()).isEmpty();
    assertThat(decisions.counts().notAsked()).isEqualTo(1000);
    assertThat(decisions.weight()).isZero();
  }

  @Test
  void of_a_flood_a_hundred_are_kept_at_once_and_ten_a_second_from_then_on() {
    Answered answered = scene.decide(Scene.pod("flood", "true"));
    for (int i = 0; i < 10_000; i++) {
      decisions.answered(answered);
    }
    assertThat(all()).hasSize(100);
    assertThat(decisions.counts().passedOver()).isEqualTo(9_900);

    pass(Duration.ofSeconds(3));
    long newest = all().getFirst().id();
    for (int i = 0; i < 10_000; i++) {
      decisions.answered(answered);
    }
    assertThat(decisions.latest(kept -> kept.id() > newest)).hasSize(30);
    assertThat(decisions.counts().byOutcome()).containsEntry(Outcome.INJECTED, 20_000L);
  }

  @Test
  void a_rejection_is_not_pushed_out_by_what_goes_well() {
    decisions.answered(scene.decide(Scene.pod("rejected", "nowhere")));
    Answered injected = scene.decide(Scene.pod("injected", "true"));
    for (int i = 0; i < 500; i++) {
      pass(Duration.ofSeconds(1));
      decisions.answered(injected);
    }

    assertThat(all()).hasSize(101).last().extracting(Kept::title).isEqualTo("Pod shop/rejected");
  }

  @Test
  void pods_of_any_size_stay_within_the_bytes_that_there_are() {
    ObjectNode large = Scene.pod("large", "true");
    for (int i = 0; i < 400; i++) {
      // Of letters that do not repeat, so that it stays large.
      Scene.variable(large, "V" + i, Long.toString(0x9E3779B97F4A7C15L * (i + 1), 36).repeat(9));
    }
    Answered answered = scene.decide(large);
    decisions.answered(scene.decide(Scene.pod("rejected", "nowhere")));
    for (int i = 0; i < 1000; i++) {
      pass(Duration.ofSeconds(1));
      decisions.answered(answered);
      assertThat(decisions.weight()).isLessThanOrEqualTo(Decisions.MOST_BYTES);
    }

    assertThat(all()).last().extracting(Kept::outcome).isEqualTo(Outcome.REJECTED);
    assertThat(all()).hasSizeGreaterThan(50);
  }

  @Test
  void one_that_is_too_large_is_counted_and_pushes_nothing_out() {
    decisions.answered(scene.decide(Scene.pod("small", "true")));
    ObjectNode huge = Scene.pod("huge", "true");
    StringBuilder noise = new StringBuilder();
    for (int i = 0; i < 60_000; i++) {
      noise.append(Long.toString(0x9E3779B97F4A7C15L * (i + 1), 36));
    }
    Scene.variable(huge, "NOISE", noise.toString());
    decisions.answered(scene.decide(huge));

    assertThat(all()).extracting(Kept::title).containsExactly("Pod shop/small");
    assertThat(decisions.counts().passedOver()).isEqualTo(1);
  }

  @Test
  void ids_grow_also_within_a_millisecond_and_over_a_restart() {
    Instant now = Instant.now();
    Answered answered = scene.decide(Scene.pod("app", "true"), now);
    decisions.answered(answered);
    decisions.answered(answered);
    Decisions restarted = new Decisions(clock::get);
    restarted.answered(scene.decide(Scene.pod("app", "true"), now.plusMillis(50)));

    assertThat(all()).extracting(Kept::id).containsExactly(id(now) + 1, id(now));
    assertThat(restarted.latest(_ -> true).getFirst().id()).isGreaterThan(all().getFirst().id());
    assertThat(decisions.find(id(now))).isPresent();
    assertThat(decisions.find(1)).isEmpty();
  }

  private static long id(Instant at) {
    return at.toEpochMilli();
  }
}
