package dev.godwit.app.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.lab.host.Argv;
import dev.godwit.lab.host.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Processes killed and disks filled in mid-copy: the guest lives on one host, nothing is left. */
@ExtendWith(SharedLab.class)
class FaultIT {
  private final RealLab lab;

  FaultIT(RealLab lab) {
    this.lab = lab;
  }

  @ParameterizedTest(name = "{1} of {0} killed -9 in mid-copy and started again")
  @CsvSource({"h1,agent", "h2,agent", "server,server"})
  void the_move_goes_on_and_ends_when_a_process_of_godwit_is_killed(String host, String process) {
    Guest guest = lab.guest().localDisk("vda", "qcow2").on("h1");
    Guest.Proof proof = guest.proof();
    guest.copySlowly("h1", 1);
    Move move = lab.migrate(guest, Optional.of("h2")).awaitCopying();
    lab.lab().kill(host, process);
    lab.lab().start(host, process);
    guest.copyFast("h1");
    JsonNode end = move.awaitEnd();
    assertThat(end.path("status").asText()).as(end.toPrettyString()).isEqualTo("completed");
    lab.assertLives(guest, "h2");
    proof.holds();
    guest.delete();
  }

  @Test
  void a_copy_that_the_next_agent_found_is_told_of_and_completed_by_force() {
    Guest guest = lab.guest().sharedDisk("vda", "raw").on("h1");
    Guest.Proof proof = guest.proof();
    Move move = endlessCopyOfTheNextAgent(guest);
    move.forceComplete();
    assertPausedAndCompleted(move, proof);
    guest.delete();
  }

  @Test
  void a_copy_that_the_next_agent_found_is_completed_as_configured_when_it_takes_too_long() {
    Guest guest = lab.guest().sharedDisk("vda", "raw").on("h1");
    Guest.Proof proof = guest.proof();
    Move move = endlessCopyOfTheNextAgent(guest);
    // Until now it had half an hour, and its end was to be an abort.
    lab.withServerOption(
        "[libvirt]",
        "live_migration_completion_timeout = 1\nlive_migration_timeout_action = \"force_complete\"",
        () -> assertPausedAndCompleted(move, proof));
    guest.delete();
  }

  /**
   * The guest dirties more than is copied; its first agent is gone, and the next one tells of it.
   */
  private Move endlessCopyOfTheNextAgent(Guest guest) {
    guest.copySlowly("h1", 1);
    assertThat(guest.ask("dirty 24 20000")).isPresent();
    Move move = lab.migrate(guest, Optional.of("h2")).awaitCopying();
    lab.lab().kill("h1", "agent");
    Instant killed = Instant.now();
    long copied = copied(move.show());
    lab.lab().start("h1", "agent");
    Await.until(
        "the next agent to tell that more is copied",
        RealLab.PATIENCE,
        () -> {
          JsonNode now = move.show();
          return Instant.parse(now.at("/sample/at").asText()).isAfter(killed)
              && copied(now) > copied;
        });
    assertThat(move.phase()).isEqualTo("TRANSFERRING");
    return move;
  }

  private static long copied(JsonNode migration) {
    return migration.at("/sample/memory_processed_bytes").asLong();
  }

  /** Nothing but a pause ends such a copy. */
  private void assertPausedAndCompleted(Move move, Guest.Proof proof) {
    Guest guest = move.guest();
    Await.until(
        "the guest to be paused for its copy",
        RealLab.PATIENCE,
        () -> lab.state("h1", guest).equals("paused"));
    guest.copyFast("h1");
    JsonNode end = move.awaitEnd();
    assertThat(end.path("status").asText()).as(end.toPrettyString()).isEqualTo("completed");
    lab.assertLives(guest, "h2");
    guest.ask("dirty 0 0");
    proof.holds();
  }

  @ParameterizedTest(name = "libvirtd of {0} killed -9 in mid-copy and started again")
  @CsvSource({"h1", "h2"})
  void the_guest_stays_and_nothing_is_left_when_a_libvirtd_is_killed(String host) {
    Guest guest = lab.guest().localDisk("vda", "qcow2").on("h1");
    Guest.Proof proof = guest.proof();
    guest.copySlowly("h1", 2);
    Move move = lab.migrate(guest, Optional.of("h2")).awaitCopying();
    lab.lab().kill(host, "libvirtd");
    lab.lab().start(host, "libvirtd");
    JsonNode end = move.awaitEnd();
    assertThat(end.path("status").asText()).as(end.toPrettyString()).isEqualTo("failed");
    lab.assertLives(guest, "h1");
    proof.holds();
    guest.delete();
  }

  @Test
  void a_qemu_that_dies_at_the_destination_costs_the_move_and_not_the_guest() {
    Guest guest = lab.guest().localDisk("vda", "raw").on("h1");
    Guest.Proof proof = guest.proof();
    guest.copySlowly("h1", 2);
    Move move = lab.migrate(guest, Optional.of("h2")).awaitCopying();
    kill(lab.virsh("h2").qemuPid(guest.id()).orElseThrow());
    JsonNode end = move.awaitEnd();
    assertThat(end.path("status").asText()).as(end.toPrettyString()).isEqualTo("failed");
    lab.assertLives(guest, "h1");
    proof.holds();
    guest.delete();
  }

  @Test
  void a_qemu_that_dies_at_the_source_ends_the_guest_and_leaves_nothing_at_the_destination() {
    Guest guest = lab.guest().localDisk("vda", "raw").on("h1");
    guest.copySlowly("h1", 2);
    Move move = lab.migrate(guest, Optional.of("h2")).awaitCopying();
    kill(lab.virsh("h1").qemuPid(guest.id()).orElseThrow());
    JsonNode end = move.awaitEnd();
    assertThat(end.path("status").asText()).as(end.toPrettyString()).isEqualTo("failed");
    assertThat(lab.leftovers("h2", guest)).isEmpty();
    guest.awaitStatus("SHUTOFF");
    guest.act("os-start");
    guest.awaitStatus("ACTIVE");
    lab.assertLives(guest, "h1");
    Await.until("it to boot", RealLab.PATIENCE, () -> guest.uptimeNs().isPresent());
    guest.delete();
  }

  private static long records(Guest guest) {
    return guest.ask("records").map(it -> it.at("/disks/0/last").asLong()).orElse(0L);
  }

  private static void kill(long pid) {
    Argv.must(Duration.ofSeconds(5), List.of("kill", "-9", Long.toString(pid)));
  }

  @Test
  void a_disk_that_fills_up_at_the_destination_costs_the_move_and_not_the_guest() {
    Guest guest = lab.guest().localDisk("vda", "raw").on("h1");
    Guest.Proof proof = guest.proof();
    lab.lab().limitLocalDisk("h2", 40L << 20);
    try {
      guest.copySlowly("h1", 2);
      Move move = lab.migrate(guest, Optional.of("h2")).awaitCopying();
      // What the checks saw free is gone a moment later.
      Argv.run(
          Duration.ofSeconds(20),
          lab.lab().inside("h2", List.of("dd", "if=/dev/zero", "of=/srv/local/eaten", "bs=1M")));
      guest.copyFast("h1");
      JsonNode end = move.awaitEnd();
      assertThat(end.path("status").asText()).as(end.toPrettyString()).isEqualTo("failed");
      assertThat(end.path("refusals"))
          .as("libvirt's own reason, then the full directory: " + end.toPrettyString())
          .hasSizeGreaterThan(1)
          .last()
          .satisfies(reason -> {
            assertThat(reason.path("code").asText()).isEqualTo("destination-full");
            assertThat(reason.path("subject").asText()).startsWith("/srv/local/");
            assertThat(reason.path("found").asText()).contains("/srv/local/").contains("MiB free");
          });
      lab.assertLives(guest, "h1");
      proof.holds();
      assertThat(lab.on("h2", "find", "/srv/local", "-type", "f").strip())
          .isEqualTo("/srv/local/eaten");
    } finally {
      lab.lab().unlimitLocalDisk("h2");
    }
    guest.delete();
  }

  @Test
  void a_destination_without_room_is_refused_before_anything_is_made() {
    Guest guest = lab.guest().localDisk("vda", "raw").on("h1");
    // Its sparse disk takes more than what will be free there.
    Await.until("50 records of 4 KiB", RealLab.PATIENCE, () -> records(guest) > 50);
    lab.lab().limitLocalDisk("h2", 1L << 20);
    try {
      Argv.run(
          Duration.ofSeconds(20),
          lab.lab().inside("h2", List.of("dd", "if=/dev/zero", "of=/srv/local/eaten", "bs=64k")));
      JsonNode end = lab.migrate(guest, Optional.of("h2")).awaitEnd();
      assertThat(end.path("refusals"))
          .as(end.toPrettyString())
          .extracting(reason -> reason.path("code").asText())
          .contains("disk-room");
      assertThat(lab.on("h2", "find", "/srv/local", "-type", "f").strip())
          .isEqualTo("/srv/local/eaten");
    } finally {
      lab.lab().unlimitLocalDisk("h2");
    }
    lab.assertLives(guest, "h1");
    guest.delete();
  }

  @Test
  void a_copy_that_a_cut_link_ends_is_rolled_back() {
    Guest guest = lab.guest().localDisk("vda", "qcow2").on("h1");
    Guest.Proof proof = guest.proof();
    guest.copySlowly("h1", 2);
    Move move = lab.migrate(guest, Optional.of("h2")).awaitCopying();
    lab.lab().cut("h1", "h2");
    // libvirt gives the link up after its keep-alive of 30 s, each side for itself.
    JsonNode end = move.awaitEnd(Duration.ofMinutes(2));
    lab.lab().heal();
    assertThat(end.path("status").asText()).as(end.toPrettyString()).isEqualTo("failed");
    lab.assertLives(guest, "h1");
    proof.holds();
    guest.delete();
  }

  @Test
  void a_host_is_fenced_when_its_power_is_gone_and_not_when_only_its_daemons_are() {
    lab.lab().kill("h2", "agent");
    lab.lab().kill("h2", "libvirtd");
    awaitUp("h2", false);
    assertThat(lab.refused(() -> fence("h2"))).as("its guests may run on").isEqualTo(409);

    lab.lab().kill("h2", "host");
    // A lab's host answers for a moment more, until the kernel has taken its network away.
    Await.until("h2 to be fenced", RealLab.PATIENCE, () -> lab.refused(() -> fence("h2")) == 200);
    assertThat(lab.host("h2").path("fenced").path("by").asText()).isNotEmpty();

    lab.lab().start("h2", "host");
    awaitUp("h2", true);
    assertThat(lab.host("h2").path("fenced").isNull()).as("it is heard again").isTrue();
  }

  private void fence(String host) {
    ObjectNode word = lab.api().object().put("powered_off", true).put("reason", "its PDU says so");
    JsonNode _ = lab.api().post("/godwit/v1/hosts/" + host + "/fence", word);
  }

  private void awaitUp(String host, boolean up) {
    Await.until(
        host + " to be up: " + up,
        RealLab.PATIENCE,
        () -> lab.host(host).path("up").asBoolean() == up);
  }
}
