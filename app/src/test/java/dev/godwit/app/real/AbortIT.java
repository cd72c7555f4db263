package dev.godwit.app.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.lab.host.Await;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Moves that are called off, and those that get in each other's way. */
@ExtendWith(SharedLab.class)
class AbortIT {
  private final RealLab lab;

  AbortIT(RealLab lab) {
    this.lab = lab;
  }

  @Test
  void an_abort_half_way_leaves_the_destination_as_if_nothing_had_been() {
    Guest guest = lab.guest().localDisk("vda", "qcow2").sharedDisk("vdb", "raw").on("h1");
    Guest.Proof proof = guest.proof();
    guest.copySlowly("h1", 2);
    Move move = lab.migrate(guest, Optional.of("h2")).awaitCopying();
    assertThat(lab.leftovers("h2", guest)).isNotEmpty();
    Await.until(
        "the copied disk's progress, its rate and its end to be told",
        RealLab.PATIENCE,
        () -> {
          JsonNode sample = move.show().path("sample");
          return sample.path("disk_bps").asLong() > 0
              && sample.path("eta_ms").isNumber()
              && sample.path("disks").path("vda").path("remaining_bytes").asLong() > 0;
        });
    assertThat(move.show().path("sample").path("disks").has("vdb")).as("a shared disk").isFalse();
    move.abort();
    JsonNode end = move.awaitEnd();
    assertThat(end.path("status").asText()).as(end.toPrettyString()).isEqualTo("cancelled");
    lab.assertLives(guest, "h1");
    proof.holds();
    guest.copyFast("h1");
    lab.moved(guest, "h2");
    proof.holds();
    guest.delete();
  }

  @Test
  void an_abort_of_a_finished_move_is_too_late() {
    Guest guest = lab.guest().on("h1");
    Move move = lab.migrate(guest, Optional.of("h2"));
    move.awaitEnd();
    assertThat(lab.refused(move::abort)).isIn(400, 409);
    lab.assertLives(guest, "h2");
    guest.delete();
  }

  @Test
  void of_two_requests_at_once_one_wins() throws Exception {
    Guest guest = lab.guest().on("h1");
    Callable<Integer> request = () -> lab.refused(() -> lab.migrate(guest, Optional.of("h2")));
    try (ExecutorService both = Executors.newFixedThreadPool(2)) {
      List<Future<Integer>> answers = both.invokeAll(List.of(request, request));
      assertThat(List.of(answers.get(0).get(), answers.get(1).get()))
          .containsExactlyInAnyOrder(200, 409);
    }
    lab.assertLives(guest, "h2");
    guest.delete();
  }
}
