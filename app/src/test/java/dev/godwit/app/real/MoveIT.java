package dev.godwit.app.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Moves that go well, between real hosts, with every kind of storage. */
@ExtendWith(SharedLab.class)
class MoveIT {
  private final RealLab lab;

  MoveIT(RealLab lab) {
    this.lab = lab;
  }

  @Test
  void a_guest_on_a_shared_disk_moves_there_and_back_and_loses_nothing() {
    Guest guest = lab.guest().sharedDisk("vda", "qcow2").on("h1");
    Guest.Proof proof = guest.proof();
    // The lab's hosts share a file system whose locks work across them.
    thereAndBack(guest, proof, "fast");
    guest.delete();
  }

  @Test
  void a_strict_hand_over_starts_the_guest_when_the_source_is_gone_and_loses_nothing() {
    Guest guest = lab.guest().sharedDisk("vda", "qcow2").on("h1");
    Guest.Proof proof = guest.proof();
    lab.withServerOption(
        "[libvirt]", "hand_over = \"strict\"", () -> thereAndBack(guest, proof, "strict"));
    guest.delete();
  }

  private void thereAndBack(Guest guest, Guest.Proof proof, String handOver) {
    JsonNode there = lab.moved(guest, "h2");
    assertThat(there.path("hand_over").asText()).isEqualTo(handOver);
    lab.assertLives(guest, "h2");
    proof.holds();
    lab.moved(guest, "h1");
    lab.assertLives(guest, "h1");
    proof.holds();
  }

  @Test
  void copied_disks_with_and_without_a_backing_file_travel_beside_a_shared_one() {
    String base = "/srv/guest/base.qcow2";
    lab.on("h1", "qemu-img", "create", "-q", "-f", "qcow2", base, "32M");
    Guest guest =
        lab.guest().overlay("vda", base).localDisk("vdb", "raw").sharedDisk("vdc", "raw").on("h1");
    Guest.Proof proof = guest.proof();
    JsonNode there = lab.moved(guest, "h2");
    assertThat(there.path("disks"))
        .extracting(disk -> disk.path("target").asText() + " " + disk.path("mode").asText())
        .containsExactly("vda copied", "vdb copied", "vdc shared");
    assertThat(there.path("sample").path("disk_total_bytes").asLong()).isPositive();
    lab.assertLives(guest, "h2");
    proof.holds();
    lab.moved(guest, "h3");
    lab.assertLives(guest, "h3");
    proof.holds();
    guest.delete();
  }

  @Test
  void a_guest_without_a_disk_moves_to_the_host_that_godwit_chooses() {
    Guest guest = lab.guest().on("h1");
    Guest.Proof proof = guest.proof();
    JsonNode end = lab.migrate(guest, Optional.empty()).awaitEnd();
    assertThat(end.path("status").asText()).isEqualTo("completed");
    lab.assertLives(guest, end.path("destination").asText());
    assertThat(end.path("hand_over").asText()).isEqualTo("fast");
    assertThat(end.path("sample").path("downtime_ms").isNumber()).isTrue();
    proof.holds();
    guest.delete();
  }

  @Test
  void a_guest_that_its_owner_paused_arrives_paused() {
    Guest guest = lab.guest().sharedDisk("vda", "raw").on("h1");
    Guest.Proof proof = guest.proof();
    guest.act("pause");
    guest.awaitStatus("PAUSED");
    lab.moved(guest, "h2");
    assertThat(lab.state("h2", guest)).isEqualTo("paused");
    assertThat(lab.leftovers("h1", guest)).isEmpty();
    guest.awaitStatus("PAUSED");
    guest.act("unpause");
    guest.awaitStatus("ACTIVE");
    lab.assertLives(guest, "h2");
    proof.holds();
    guest.delete();
  }

  @Test
  void a_copy_without_end_is_completed_by_force() {
    Guest guest = lab.guest().sharedDisk("vda", "raw").on("h1");
    Guest.Proof proof = guest.proof();
    guest.copySlowly("h1", 1);
    guest.ask("dirty 24 20000");
    Move move = lab.migrate(guest, Optional.of("h2")).awaitCopying();
    guest.copySlowly("h1", 4);
    move.forceComplete();
    JsonNode end = move.awaitEnd();
    assertThat(end.path("status").asText()).as(end.toPrettyString()).isEqualTo("completed");
    lab.assertLives(guest, "h2");
    guest.ask("dirty 0 0");
    proof.holds();
    guest.delete();
  }

  @Test
  void where_post_copy_is_permitted_it_is_what_force_uses() {
    Guest guest = lab.guest().localDisk("vda", "qcow2").on("h1");
    Guest.Proof proof = guest.proof();
    lab.withServerOption(
        "[libvirt]",
        "live_migration_permit_post_copy = true",
        () -> {
          guest.copySlowly("h1", 4);
          guest.ask("dirty 24 20000");
          Move move = lab.migrate(guest, Optional.of("h2")).awaitCopying();
          guest.fetchSlowly("h1", 10);
          move.forceComplete();
          JsonNode end = move.awaitEnd();
          assertThat(end.path("status").asText()).as(end.toPrettyString()).isEqualTo("completed");
          assertThat(meanings(end)).contains("it runs at the destination in post-copy");
        });
    lab.assertLives(guest, "h2");
    guest.ask("dirty 0 0");
    proof.holds();
    guest.delete();
  }

  private static List<String> meanings(JsonNode migration) {
    return migration.path("journal").findValuesAsText("why");
  }
}
