package dev.godwit.app.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.lab.LabOptions;
import dev.godwit.lab.LibvirtEvents;
import dev.godwit.lab.host.Argv;
import dev.godwit.lab.host.Await;
import dev.godwit.lab.host.LabFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Hosts with libvirt's lock manager: what it proves, and that it refuses a second run. */
class LockdIT {
  private static final Duration SHORT = Duration.ofSeconds(20);

  /** libvirtd is killed a moment after its event; that moment may pass. */
  private static final int MOST_TRIES = 6;

  private static RealLab lab;

  @BeforeAll
  static void up() {
    lab = new RealLab(new LabOptions(2, false, true).withLockd());
  }

  @AfterAll
  static void down() {
    lab.close();
  }

  private static JsonNode check(Guest guest, String code) {
    JsonNode host =
        lab.api()
            .post("/godwit/v1/plans", lab.api().object().put("instance", guest.id()))
            .at("/hosts/0");
    return StreamSupport.stream(host.path("checks").spliterator(), false)
        .filter(it -> it.path("code").asText().equals(code))
        .findFirst()
        .orElse(lab.api().object());
  }

  private static String lock(Guest guest) {
    return check(guest, "cross-host-lock").path("found").asText();
  }

  private static void restartLibvirtd(String host) {
    lab.lab().kill(host, "libvirtd");
    lab.lab().start(host, "libvirtd");
  }

  @Test
  void a_lease_that_was_tried_from_both_hosts_makes_the_hand_over_of_a_shared_disk_fast() {
    // QEMU's own lock cannot be tried on a raw image: it is libvirt's lease alone that is proven.
    Guest guest = lab.guest().sharedDisk("vda", "raw").on("h1");
    Guest.Proof proof = guest.proof();
    assertThat(lock(guest))
        .isEqualTo(
            "proven: libvirt's leases of its disks, tried from both hosts; the hand-over is fast");

    assertThat(lab.moved(guest, "h2").path("hand_over").asText()).isEqualTo("fast");

    lab.assertLives(guest, "h2");
    proof.holds();
    assertThat(lock(guest)).startsWith("proven: libvirt's leases");
    assertThat(lab.on("h1", "find", "/srv/shared/leases", "-name", ".godwit-*")).isBlank();
    guest.delete();
    assertThat(lab.on("h1", "ls", "/srv/shared/leases")).as("leases go with the guest").isBlank();
  }

  @Test
  void a_split_that_libvirt_would_make_is_refused_by_the_lock() {
    Guest guest = lab.guest().localDisk("vda", "qcow2").on("h1");
    Guest.Proof proof = guest.proof();
    assertThat(lock(guest))
        .isEqualTo("proven: libvirt's leases of its disks, tried from both hosts");
    String source = "h1";
    for (int i = 1; !refused(source); i++) {
      assertThat(i).as("tries to kill libvirtd in time").isLessThanOrEqualTo(MOST_TRIES);
      source = lab.runningOn(guest).getFirst();
      moveAndKillLibvirtdOnceItRuns(guest, source);
      proof.holds();
    }
    lab.assertLives(guest, lab.runningOn(guest).getFirst());
    guest.delete();
  }

  /** The source resumes its guest when its peer is gone, whether the destination runs it or not. */
  private static void moveAndKillLibvirtdOnceItRuns(Guest guest, String source) {
    String destination = source.equals("h1") ? "h2" : "h1";
    try (LibvirtEvents events = new LibvirtEvents(lab.lab().host(destination))) {
      Instant began = Instant.now();
      Move move = lab.migrate(guest, Optional.of(destination));
      events.first(guest.domain().domain(), "Resumed Migrated", began, RealLab.PATIENCE);
      lab.lab().kill(destination, "libvirtd");
      // Before its daemon is back nothing but the lock can have kept the source from going on.
      Await.until(
          "the source's libvirt to have done what it does", SHORT, () -> settled(guest, source));
      assertThat(lab.state(source, guest)).as("at the source").isNotEqualTo("running");
      lab.lab().start(destination, "libvirtd");
      JsonNode end = move.awaitEnd();
      assertThat(end.path("status").asText()).as(end.toPrettyString()).isEqualTo("completed");
      lab.assertLives(guest, destination);
    }
  }

  /** Its job is over: refused by the lock, or confirmed just before the peer was killed. */
  private static boolean settled(Guest guest, String source) {
    return refused(source) || lab.state(source, guest).equals("absent");
  }

  private static boolean refused(String host) {
    Path log = lab.lab().host(host).home().resolve("var-log/libvirtd.log");
    return LabFolder.read(log).orElse("").contains("is locked");
  }

  @Test
  void nobody_starts_by_hand_what_runs_on_another_host() {
    Guest guest = lab.guest().localDisk("vda", "qcow2").on("h1");
    Guest.Proof proof = guest.proof();
    String directory = "/srv/local/instances/" + guest.id();
    String disk = directory + "/vda.qcow2";
    Path xml = lab.lab().folder().resolve("run/by-hand.xml");
    LabFolder.write(xml, lab.virsh("h1").must("dumpxml", guest.id(), "--inactive"));
    lab.on("h2", "mkdir", "-p", directory);
    lab.on("h2", "qemu-img", "create", "-q", "-f", "qcow2", disk, "32M");

    Argv.Result there = lab.virsh("h2").run(SHORT, "create", xml.toString());
    Argv.Result here = lab.virsh("h1").run(SHORT, "create", xml.toString());

    assertThat(there.ok()).isFalse();
    assertThat(there.err()).contains("is locked");
    assertThat(here.ok()).isFalse();
    assertThat(lab.runningOn(guest)).containsExactly("h1");
    proof.holds();
    lab.on("h2", "rm", "-r", directory);
    guest.delete();
  }

  @Test
  void a_lock_manager_that_one_host_has_not_loaded_proves_nothing_and_is_told_of() {
    Guest guest = lab.guest().sharedDisk("vda", "raw").on("h1");
    Guest.Proof proof = guest.proof();
    lab.on("h2", "sed", "-i", "s/^lock_manager/#lock_manager/", "/etc/libvirt/qemu.conf");
    restartLibvirtd("h2");
    try {
      assertThat(lock(guest)).isEqualTo("not proven; the hand-over is strict");
      JsonNode differs = check(guest, "lock-manager");
      assertThat(differs.path("warning").asBoolean()).isTrue();
      assertThat(differs.path("found").asText()).isEqualTo("nop");
    } finally {
      lab.on("h2", "sed", "-i", "s/^#lock_manager/lock_manager/", "/etc/libvirt/qemu.conf");
      restartLibvirtd("h2");
    }
    assertThat(lock(guest)).startsWith("proven");
    assertThat(check(guest, "lock-manager").isEmpty()).isTrue();
    proof.holds();
    guest.delete();
  }

  @Test
  void a_lock_daemon_that_died_holds_nothing_and_the_next_move_takes_the_lease_again() {
    Guest guest = lab.guest().sharedDisk("vda", "raw").on("h1");
    assertThat(lock(guest)).startsWith("proven");
    lab.lab().process("h1", "virtlockd").orElseThrow().kill();
    assertThat(lock(guest)).isEqualTo("not proven; the hand-over is strict");
    lab.mend();
    assertThat(lock(guest)).as("the new daemon knows of no old lease").startsWith("not proven");

    assertThat(lab.moved(guest, "h2").path("hand_over").asText()).isEqualTo("strict");

    assertThat(lock(guest)).startsWith("proven");
    guest.delete();
  }
}
