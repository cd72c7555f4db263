package dev.godwit.agent.act;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.agent.host.QemuCertificates;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.model.HandOver;
import dev.godwit.core.model.HostName;
import dev.godwit.lab.host.LabFolder;
import dev.godwit.lab.host.Pki;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransportTest {
  @TempDir Path folder;

  private static TransferPlan plan(boolean tls) {
    return new TransferPlan(
        new HostName("h2"),
        "qemu+tls://h2/system",
        "tcp://10.0.0.2",
        HandOver.FAST,
        List.of(),
        tls,
        false,
        false,
        false,
        false,
        false,
        1,
        0,
        300);
  }

  private QemuCertificates none() {
    return new QemuCertificates(folder.resolve("none"), Clock.systemUTC());
  }

  @Test
  void plain_text_leaves_only_where_it_is_permitted() {
    assertThat(new Transport(true, none()).objection(plan(false))).isEmpty();
    assertThat(new Transport(false, none()).objection(plan(false)))
        .hasValueSatisfying(why -> assertThat(why).contains("plain text"));
  }

  @Test
  void tls_needs_certificates_that_are_valid_now_on_this_side_too() throws IOException {
    Path etc = folder.resolve("etc");
    Path qemu = Files.createDirectories(etc.resolve("pki/qemu"));
    Pki pki = new Pki(new LabFolder(folder.resolve("lab")));
    Files.createDirectories(pki.authority().getParent());
    pki.makeAuthority();
    pki.makeCertificate("h1", "10.0.0.1", 1);
    assertThat(new Transport(true, none()).objection(plan(true)))
        .hasValueSatisfying(why -> assertThat(why).contains("client-cert.pem"));

    Files.copy(pki.authority(), qemu.resolve("ca-cert.pem"));
    Files.copy(pki.certificate("h1"), qemu.resolve("client-cert.pem"));
    QemuCertificates now = new QemuCertificates(etc, Clock.systemUTC());
    assertThat(now.sending()).isFalse();
    Files.copy(pki.key("h1"), qemu.resolve("client-key.pem"));
    assertThat(now.sending()).isTrue();
    assertThat(now.receiving()).isFalse();
    assertThat(new Transport(false, now).objection(plan(true))).isEmpty();

    Clock late = Clock.offset(Clock.systemUTC(), Duration.ofDays(36_500));
    assertThat(new QemuCertificates(etc, late).sending()).isFalse();
  }
}
