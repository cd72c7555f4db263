package dev.godwit.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Connections over TLS, opened by a JVM of its own inside the hosts' network. */
@ExtendWith(OnRealHosts.class)
class TlsTest {
  private final Rack rack;

  TlsTest(Rack rack) {
    this.rack = rack;
  }

  @Test
  void a_client_with_a_certificate_of_the_same_authority_is_served() throws Exception {
    assertThat(open("127.0.1.1", "client")).isEqualTo("opened h1");
  }

  @Test
  void a_client_of_another_authority_is_refused() throws Exception {
    assertThat(open("127.0.1.1", "stranger")).startsWith("REPORTED true");
  }

  @Test
  void a_client_that_does_not_trust_the_daemons_authority_refuses() throws Exception {
    assertThat(open("127.0.1.1", "sceptic"))
        .startsWith("REPORTED true")
        .containsIgnoringCase("certificate");
  }

  @Test
  void a_daemon_whose_certificate_is_for_another_address_is_refused() throws Exception {
    assertThat(open("127.0.1.2", "client"))
        .startsWith("REPORTED true")
        .containsIgnoringCase("certificate");
  }

  private String open(String address, String whose) throws IOException, InterruptedException {
    Path pki = rack.pki(whose);
    Process process =
        new ProcessBuilder(
                rack.inNetwork(
                    List.of(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OpenProbe.class.getName(),
                        "qemu+tls://" + address + "/system?pkipath=" + pki)))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    return out.strip();
  }
}
