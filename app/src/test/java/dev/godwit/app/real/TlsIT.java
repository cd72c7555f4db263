package dev.godwit.app.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.lab.LabOptions;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A lab whose libvirt and QEMU speak TLS only. */
class TlsIT {
  private static RealLab lab;

  @BeforeAll
  static void up() {
    lab = new RealLab(new LabOptions(2, true, true));
  }

  @AfterAll
  static void down() {
    lab.close();
  }

  @Test
  void memory_and_disks_cross_the_wire_through_qemus_own_tls() {
    Guest guest = lab.guest().localDisk("vda", "qcow2").on("h1");
    Guest.Proof proof = guest.proof();
    Move move = lab.migrate(guest, Optional.of("h2"));
    JsonNode end = move.awaitEnd();
    assertThat(end.path("status").asText()).as(end.toPrettyString()).isEqualTo("completed");
    assertThat(end.path("native_tls").asBoolean()).isTrue();
    lab.assertLives(guest, "h2");
    proof.holds();
    guest.delete();
  }

  @Test
  void a_destination_whose_qemu_trusts_another_authority_gets_no_guest() {
    Guest guest = lab.guest().localDisk("vda", "qcow2").on("h1");
    Guest.Proof proof = guest.proof();
    String authority = "/etc/pki/qemu/ca-cert.pem";
    lab.on("h2", "cp", authority, "/run/right-authority.pem");
    lab.on(
        "h2",
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=a stranger",
        "-keyout",
        "/run/stranger.key",
        "-out",
        authority);
    try {
      JsonNode end = lab.migrate(guest, Optional.of("h2")).awaitEnd();
      assertThat(end.path("status").asText()).as(end.toPrettyString()).isEqualTo("failed");
      lab.assertLives(guest, "h1");
      proof.holds();
    } finally {
      lab.on("h2", "cp", "/run/right-authority.pem", authority);
    }
    guest.delete();
  }
}
