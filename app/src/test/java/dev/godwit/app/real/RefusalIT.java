package dev.godwit.app.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.lab.host.Await;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Moves that must not begin: refused with their reason, the guest and everything else as before.
 */
@ExtendWith(SharedLab.class)
class RefusalIT {
  private final RealLab lab;

  RefusalIT(RealLab lab) {
    this.lab = lab;
  }

  @Test
  void unknown_guests_and_hosts_are_refused_at_the_door() {
    Guest nobody = new Guest(lab, UUID.randomUUID().toString(), "nobody", "10.78.0.9");
    assertThat(lab.refused(() -> lab.migrate(nobody, Optional.of("h2")))).isEqualTo(404);
    Guest guest = lab.guest().on("h1");
    assertThat(lab.refused(() -> lab.migrate(guest, Optional.of("h9")))).isEqualTo(400);
    guest.delete();
    assertThat(lab.refused(() -> lab.migrate(guest, Optional.of("h2")))).isEqualTo(404);
  }

  @Test
  void a_stopped_guest_is_not_moved() {
    Guest guest = lab.guest().on("h1");
    guest.act("os-stop");
    guest.awaitStatus("SHUTOFF");
    assertThat(lab.refused(() -> lab.migrate(guest, Optional.of("h2")))).isEqualTo(409);
    guest.delete();
  }

  @Test
  void a_host_that_is_the_same_disabled_or_silent_is_refused() {
    Guest guest = lab.guest().on("h1");
    assertThat(lab.refused(() -> lab.migrate(guest, Optional.of("h1")))).isEqualTo(400);
    setService("h2", "disabled");
    guest.isRefused("h2", "destination-enabled");
    setService("h2", "enabled");
    lab.lab().kill("h3", "agent");
    Await.until(
        "h3 to be seen down", RealLab.PATIENCE, () -> !lab.host("h3").path("up").asBoolean());
    guest.isRefused("h3", "destination-alive");
    guest.delete();
  }

  private void setService(String host, String status) {
    for (JsonNode service : lab.api().get("/v2.1/os-services").path("services")) {
      if (service.path("host").asText().equals(host)) {
        ObjectNode body = lab.api().object();
        lab.api()
            .put("/v2.1/os-services/" + service.path("id").asText(), body.put("status", status));
      }
    }
  }

  @Test
  void a_file_of_somebody_else_where_the_disk_would_go_is_refused_and_untouched() {
    Guest guest = lab.guest().localDisk("vda", "qcow2").on("h1");
    String folder = "/srv/local/instances/" + guest.id();
    lab.on("h2", "mkdir", "-p", folder);
    lab.on("h2", "cp", "/etc/hostname", folder + "/vda.qcow2");
    guest.isRefused("h2", "path-free");
    assertThat(lab.on("h2", "cat", folder + "/vda.qcow2").strip()).isEqualTo("h2");
    lab.on("h2", "rm", "-r", folder);
    guest.delete();
  }

  @Test
  void a_disk_that_its_source_could_not_remove_afterwards_is_refused() {
    Guest guest = lab.guest().localDisk("vda", "qcow2").on("h1");
    String disk = "/srv/local/instances/" + guest.id() + "/vda.qcow2";
    lab.on("h1", "mv", disk + ".godwit", "/run/marker");
    guest.isRefused("h2", "disk-owned");
    lab.on("h1", "mv", "/run/marker", disk + ".godwit");
    lab.moved(guest, "h2");
    guest.delete();
  }

  @Test
  void a_destination_behind_a_cut_link_is_refused_before_anything_is_made() {
    Guest guest = lab.guest().on("h1");
    lab.lab().cut("h1", "h2");
    guest.isRefused("h2", "link");
    lab.lab().heal();
    lab.moved(guest, "h2");
    guest.delete();
  }

  @Test
  void a_domain_of_somebody_else_with_the_guests_name_is_refused_and_untouched() {
    Guest guest = lab.guest().on("h1");
    String name = lab.virsh("h1").must("domname", guest.id()).strip();
    lab.on(
        "h2",
        "sh",
        "-c",
        "echo '<domain type=\"qemu\"><name>%s</name><memory>65536</memory><os><type>hvm</type></os></domain>' > /run/other.xml"
            .formatted(name));
    lab.on("h2", "virsh", "-q", "define", "/run/other.xml");
    guest.isRefused("h2", "name-free");
    assertThat(lab.on("h2", "virsh", "-q", "list", "--all", "--name")).contains(name);
    lab.on("h2", "virsh", "-q", "undefine", name);
    lab.moved(guest, "h2");
    guest.delete();
  }

  @Test
  void a_guest_with_a_device_that_stays_with_its_host_is_refused() {
    Guest guest = lab.guest().on("h1");
    lab.on(
        "h1",
        "sh",
        "-c",
        "echo '<shmem name=\"s\"><model type=\"ivshmem-plain\"/><size unit=\"M\">4</size></shmem>' > /run/shmem.xml");
    lab.on("h1", "virsh", "-q", "attach-device", guest.id(), "/run/shmem.xml", "--live");
    guest.isRefused("h2", "devices");
    guest.delete();
  }
}
