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
  /** It says that it makes an image, and waits until it is let go on. */
  private static final String SLOW_QEMU_IMG =
      """
      cp /usr/bin/qemu-img /run/qemu-img
      cat > /run/slow-qemu-img <<'EOF'
      #!/bin/sh
      if [ "$1" = create ]; then
        touch /run/disk-begun
        while ! [ -e /run/disk-go-on ]; do sleep 0.05; done
      fi
      exec /run/qemu-img "$@"
      EOF
      chmod 755 /run/slow-qemu-img
      mount --bind /run/slow-qemu-img /usr/bin/qemu-img
      """;

  private final RealLab lab;

  AbortIT(RealLab lab) {
    this.lab = lab;
  }

  @Test
  void an_abort_half_way_leaves_the_destination_as_if_nothing_had_been() {
    Guest guest = lab.guest().localDisk("vda", "qcow2").sharedDisk("vdb", "raw").on("h1");
    Guest.Proof proof = guest.proof();
    guest.copySlowly("h1", 1);
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
  void an_abort_while_the_destination_is_still_being_asked_ends_the_move_without_its_answer() {
    Guest guest = lab.guest().localDisk("vda", "qcow2").on("h1");
    Guest.Proof proof = guest.proof();
    lab.lab().cut("server", "h2");
    Move move = lab.migrate(guest, Optional.of("h2"));
    move.abort();
    JsonNode end = move.awaitEnd();
    assertThat(end.path("status").asText()).as(end.toPrettyString()).isEqualTo("cancelled");
    assertThat(end.path("journal").findValuesAsText("transition"))
        .endsWith("CANCEL_ACCEPTED")
        .doesNotContain("PLAN");
    lab.lab().heal();
    Await.until("h2 to be heard", RealLab.PATIENCE, () -> lab.host("h2").path("up").asBoolean());
    isAsBefore(guest, proof);
  }

  @Test
  void an_abort_while_a_disk_is_being_made_at_the_destination_takes_it_away_again() {
    Guest guest = lab.guest().localDisk("vda", "qcow2").on("h1");
    Guest.Proof proof = guest.proof();
    lab.on("h2", "sh", "-c", SLOW_QEMU_IMG);
    try {
      Move move = lab.migrate(guest, Optional.of("h2"));
      Await.until(
          "the disk to be begun",
          RealLab.PATIENCE,
          () -> lab.on("h2", "ls", "/run").contains("disk-begun"));
      assertThat(move.phase()).isEqualTo("PREPARING");
      assertThat(lab.leftovers("h2", guest)).isNotEmpty();
      move.abort();
      lab.on("h2", "touch", "/run/disk-go-on");
      JsonNode end = move.awaitEnd();
      assertThat(end.path("status").asText()).as(end.toPrettyString()).isEqualTo("cancelled");
      assertThat(end.path("journal").findValuesAsText("transition"))
          .contains("CANCEL_PREPARING")
          .doesNotContain("TRANSFER");
    } finally {
      lab.on("h2", "touch", "/run/disk-go-on");
      lab.on("h2", "umount", "--lazy", "/usr/bin/qemu-img");
    }
    isAsBefore(guest, proof);
  }

  /** Nothing is left of the move, and it can be made again. */
  private void isAsBefore(Guest guest, Guest.Proof proof) {
    lab.assertLives(guest, "h1");
    proof.holds();
    lab.moved(guest, "h2");
    lab.assertLives(guest, "h2");
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
