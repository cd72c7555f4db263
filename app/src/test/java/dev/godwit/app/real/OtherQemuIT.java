package dev.godwit.app.real;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Hosts whose QEMU is another build: h2's knows no RDSEED, h3's machine types have other names.
 * Each is the machine's own QEMU with one name changed, so libvirt finds out by itself.
 */
@ExtendWith(SharedLab.class)
class OtherQemuIT {
  private static final String QEMU = "/usr/bin/qemu-system-x86_64";
  private final RealLab lab;

  OtherQemuIT(RealLab lab) {
    this.lab = lab;
  }

  @BeforeAll
  static void the_hosts_have_other_builds(RealLab lab) {
    replaceQemu(lab, "h2", "s/rdseed/rdseXd/g");
    replaceQemu(lab, "h3", "s/pc-i440fx-/pc-i440fX-/g");
  }

  private static void replaceQemu(RealLab lab, String host, String change) {
    lab.on(
        host,
        "sh",
        "-c",
        "LC_ALL=C sed '%1$s' %2$s > /run/qemu && chmod 755 /run/qemu && mount --bind /run/qemu %2$s"
            .formatted(change, QEMU));
    restartLibvirt(lab, host);
  }

  private static void restartLibvirt(RealLab lab, String host) {
    lab.lab().kill(host, "libvirtd");
    lab.lab().start(host, "libvirtd");
  }

  @AfterAll
  static void the_hosts_have_their_own_again(RealLab lab) {
    for (String host : new String[] {"h2", "h3"}) {
      lab.on(host, "umount", QEMU);
      restartLibvirt(lab, host);
    }
    lab.mend();
  }

  @Test
  void a_destination_that_does_not_know_the_machine_type_is_refused() {
    Guest guest = lab.guest().on("h1");
    guest.isRefused("h3", "machine-type");
    lab.moved(guest, "h2");
    guest.delete();
  }

  @Test
  void a_destination_without_a_feature_of_the_running_cpu_is_refused() {
    Guest guest =
        Foreign.started(
            lab,
            "h1",
            "<cpu mode='custom' match='exact'><model>qemu64</model><feature policy='require' name='rdseed'/></cpu>");
    ObjectNode body = lab.api().object();
    lab.api().post("/godwit/v1/guests/adopt", body.put("host", "h1").put("uuid", guest.id()));
    guest.isRefused("h2", "cpu");
    guest.delete();
  }
}
