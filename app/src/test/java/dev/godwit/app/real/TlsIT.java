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
    lab.on("h2", "cp", Certificates.strangers(lab).toString(), authority);
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

  @Test
  void a_destination_whose_qemu_has_an_expired_certificate_is_refused_before_anything_is_made() {
    Guest guest = lab.guest().localDisk("vda", "qcow2").on("h1");
    withExpired("h2", "server", () -> guest.isRefused("h2", "transport"));
    assertThat(lab.leftovers("h2", guest)).isEmpty();
    guest.delete();
  }

  @Test
  void a_source_whose_qemu_has_an_expired_certificate_sends_no_guest() {
    Guest guest = lab.guest().localDisk("vda", "qcow2").on("h1");
    Guest.Proof proof = guest.proof();
    withExpired(
        "h1",
        "client",
        () -> {
          JsonNode end = lab.migrate(guest, Optional.of("h2")).awaitEnd();
          assertThat(end.path("status").asText()).as(end.toPrettyString()).isEqualTo("failed");
          assertThat(end.path("refusals").toString()).contains("client certificates", "valid now");
        });
    lab.assertLives(guest, "h1");
    proof.holds();
    lab.moved(guest, "h2");
    guest.delete();
  }

  private static void withExpired(String host, String side, Runnable work) {
    String certificate = "/etc/pki/qemu/" + side + "-cert.pem";
    lab.on(host, "cp", certificate, "/run/right.pem");
    lab.on(host, "cp", Certificates.expired(lab, host).toString(), certificate);
    try {
      work.run();
    } finally {
      lab.on(host, "cp", "/run/right.pem", certificate);
    }
  }
}
