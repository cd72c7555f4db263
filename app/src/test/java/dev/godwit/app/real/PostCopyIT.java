package dev.godwit.app.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.cli.client.ApiFailure;
import dev.godwit.lab.host.Argv;
import dev.godwit.lab.host.Await;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Post-copies that break: recovered while both sides are there, told as lost where one is gone. */
@ExtendWith(SharedLab.class)
class PostCopyIT {
  /** libvirt gives the other daemon up after 30 s, QEMU's streams may take as long to notice. */
  private static final Duration RECOVERED = Duration.ofMinutes(4);

  private static final Duration SHORT = Duration.ofSeconds(20);

  private final RealLab lab;

  PostCopyIT(RealLab lab) {
    this.lab = lab;
  }

  /** Something is done to a move whose guest runs at h2 and has not all its memory there. */
  private Guest.Proof inPostCopy(Consumer<Move> deed) {
    Guest guest = lab.guest().localDisk("vda", "qcow2").on("h1");
    Guest.Proof proof = guest.proof();
    lab.withServerOption(
        "[libvirt]",
        "live_migration_permit_post_copy = true",
        () -> {
          guest.copySlowly("h1", 4);
          guest.ask("dirty 24 20000");
          Move move = lab.migrate(guest, Optional.of("h2")).awaitCopying();
          guest.fetchSlowly("h1", 4);
          move.forceComplete();
          Await.until(
              "the guest to run at the destination",
              RealLab.PATIENCE,
              () -> move.phase().equals("SETTLING"));
          // What it needs for an interrupt is there: an emulated CPU that lacks that stops all of
          // QEMU, and a QEMU that stands can never be recovered.
          guest.awaitAnswer();
          assertThat(reason("h1", guest)).isEqualTo("paused (post-copy)");
          deed.accept(move);
        });
    return proof;
  }

  private String reason(String host, Guest guest) {
    return lab.virsh(host).run(SHORT, "domstate", "--reason", guest.id()).out().strip();
  }

  private static List<String> transitions(JsonNode migration) {
    return migration.path("journal").findValuesAsText("transition");
  }

  private static void awaitWhy(Move move, String words) {
    Await.until(
        "the record to say '" + words + "'",
        RECOVERED,
        () -> {
          try {
            JsonNode now = move.show();
            return now.path("why").asText().contains(words) && now.path("alarm").asBoolean();
          } catch (ApiFailure notNow) {
            return false;
          }
        });
  }

  @Test
  void a_post_copy_whose_link_was_cut_is_recovered_and_the_guest_goes_on() {
    Guest.Proof proof =
        inPostCopy(move -> {
          Guest guest = move.guest();
          lab.lab().cut("h1", "h2");
          awaitWhy(move, "post-copy broke");
          assertThat(reason("h1", guest)).isEqualTo("paused (post-copy failed)");
          assertThat(guest.show().path("host").asText()).isEqualTo("h2");
          lab.lab().heal();
          // The server is asked nothing: what recovers it is Godwit's own doing.
          JsonNode end = move.awaitEnd(RECOVERED);
          assertThat(end.path("status").asText()).as(end.toPrettyString()).isEqualTo("completed");
          assertThat(transitions(end)).contains("POST_COPY_BROKE");
        });
    Guest moved = proof.guest();
    lab.assertLives(moved, "h2");
    assertThat(reason("h2", moved)).startsWith("running").doesNotContain("post-copy");
    moved.awaitAnswer();
    moved.ask("dirty 0 0");
    proof.holds();
    moved.delete();
  }

  @Test
  void a_guest_whose_qemu_dies_in_post_copy_is_told_as_lost_and_starts_again_from_its_disk() {
    Guest.Proof before =
        inPostCopy(move -> {
          kill(lab.virsh("h2").qemuPid(move.guest().id()).orElseThrow());
          awaitWhy(move, "lost in post-copy");
          assertThat(move.show().path("why").asText())
              .contains("'virsh destroy " + move.guest().id() + "' on h1");
          lab.virsh("h1").must("destroy", move.guest().id());
          assertThat(move.awaitEnd(RECOVERED).path("status").asText()).isEqualTo("completed");
        });
    startsAgainOnH2(before.guest());
  }

  @Test
  void a_guest_whose_source_dies_in_post_copy_is_told_as_lost_and_starts_again_from_its_disk() {
    Guest.Proof before =
        inPostCopy(move -> {
          lab.lab().kill("h1", "host");
          lab.mend();
          awaitWhy(move, "lost in post-copy");
          assertThat(move.show().path("why").asText())
              .contains("'virsh destroy " + move.guest().id() + "' on h2");
          lab.virsh("h2").must("destroy", move.guest().id());
          assertThat(move.awaitEnd(RECOVERED).path("status").asText()).isEqualTo("completed");
        });
    startsAgainOnH2(before.guest());
  }

  private void startsAgainOnH2(Guest guest) {
    guest.awaitStatus("SHUTOFF");
    guest.act("os-start");
    guest.awaitStatus("ACTIVE");
    assertThat(lab.runningOn(guest)).containsExactly("h2");
    assertThat(guest.show().path("host").asText()).isEqualTo("h2");
    Await.until(
        "nothing of it to be left on h1 but what is libvirt's own: " + left(guest),
        RealLab.PATIENCE,
        () -> left(guest).isEmpty());
    guest.awaitAnswer();
    // What libvirt left there is looked for by the lab, whoever made it.
    lab.api().delete("/v2.1/servers/" + guest.id());
  }

  /** libvirt forgets its directories of a guest that ran when the power went. */
  private List<String> left(Guest guest) {
    return lab.leftovers("h1", guest).stream()
        .filter(
            it -> !it.matches("file .*/var/lib/libvirt/qemu/(channel/target/)?domain-[0-9]+-.*"))
        .toList();
  }

  private static void kill(long pid) {
    Argv.must(Duration.ofSeconds(5), List.of("kill", "-9", Long.toString(pid)));
  }
}
