package dev.godwit.app.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.lab.host.Await;
import dev.godwit.lab.host.LabFolder;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Agents whose own certificate nobody should trust. */
@ExtendWith(SharedLab.class)
class CertificateIT {
  private final RealLab lab;
  private final Path pki;
  private final Path log;
  private final int saidBefore;

  CertificateIT(RealLab lab) {
    this.lab = lab;
    this.pki = lab.lab().folder().resolve("pki");
    this.log = lab.lab().folder().resolve("log/h3.agent.log");
    this.saidBefore = LabFolder.read(log).orElseThrow().length();
  }

  @AfterEach
  void the_agent_is_restarted() {
    lab.lab().process("h3", "agent").ifPresent(agent -> lab.lab().kill("h3", "agent"));
  }

  @Test
  void an_agent_whose_certificate_has_expired_does_not_start_and_says_so() {
    Path expired = Certificates.expired(lab, "h3");
    Certificates.restartAgent(lab, "h3", tls(pki.resolve("ca.pem"), expired, "h3.key"));
    Await.until(
        "the agent to end", RealLab.PATIENCE, () -> lab.lab().process("h3", "agent").isEmpty());
    assertThat(told())
        .contains("tls.cert: expected a certificate that is valid now, found " + expired)
        .contains("Issue a new one")
        .doesNotContain("the agent is up");
  }

  @Test
  void an_agent_with_a_strangers_certificate_is_not_admitted_and_says_so() {
    Guest guest = lab.guest().on("h1");
    Path stranger = Certificates.strangers(lab);
    Path both = pki.resolve("both.pem");
    LabFolder.write(
        both,
        LabFolder.read(pki.resolve("ca.pem")).orElseThrow()
            + LabFolder.read(stranger).orElseThrow());
    // It trusts the server; the server has no reason to trust it.
    Certificates.restartAgent(lab, "h3", tls(both, stranger, "stranger.key"));
    Await.until("it to be turned away", RealLab.PATIENCE, () -> told().contains("not announced"));
    assertThat(told()).doesNotContain("\tat ");
    Await.until(
        "h3 to be seen down", RealLab.PATIENCE, () -> !lab.host("h3").path("up").asBoolean());
    guest.isRefused("h3", "destination-alive");
    guest.delete();
  }

  /** What it said since the test began. */
  private String told() {
    return LabFolder.read(log).orElseThrow().substring(saidBefore);
  }

  private String tls(Path authority, Path certificate, String key) {
    return "ca = \"%s\"\ncert = \"%s\"\nkey = \"%s\"\n"
        .formatted(authority, certificate, pki.resolve(key));
  }
}
