package dev.godwit.app.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.lab.host.Await;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Guests without a kernel of the host's: they boot from their own disk, laid over an image. */
@ExtendWith(SharedLab.class)
class DiskImageIT {
  private final RealLab lab;

  DiskImageIT(RealLab lab) {
    this.lab = lab;
  }

  @BeforeAll
  static void the_server_offers_disk_images(RealLab lab) {
    BootImage.offer(lab);
  }

  @Test
  void a_guest_over_a_raw_image_moves_with_its_own_disk_and_boots_from_it_there() {
    Guest guest = lab.guest().bootingFrom(BootImage.RAW.id()).localDisk("vda", "qcow2").on("h1");
    assertBootsFromDiskOver(BootImage.RAW, guest);
    Guest.Proof proof = guest.proof();
    lab.moved(guest, "h2");
    lab.assertLives(guest, "h2");
    proof.holds();
    guest.act("os-stop");
    guest.awaitStatus("SHUTOFF");
    guest.act("os-start");
    guest.awaitStatus("ACTIVE");
    Await.until("it to boot", RealLab.PATIENCE, () -> guest.uptimeNs().isPresent());
    Guest.Proof afterwards = guest.proof();
    JsonNode back = lab.moved(guest, "h1");
    assertThat(back.at("/disks/0/mode").asText()).isEqualTo("copied");
    lab.assertLives(guest, "h1");
    assertBootsFromDiskOver(BootImage.RAW, guest);
    afterwards.holds();
    guest.delete();
  }

  @Test
  void a_guest_over_a_qcow2_image_moves_there_and_back_on_a_shared_disk() {
    Guest guest = lab.guest().bootingFrom(BootImage.QCOW2.id()).sharedDisk("vda", "qcow2").on("h1");
    assertBootsFromDiskOver(BootImage.QCOW2, guest);
    Guest.Proof proof = guest.proof();
    JsonNode there = lab.moved(guest, "h2");
    assertThat(there.at("/disks/0/mode").asText()).isEqualTo("shared");
    lab.assertLives(guest, "h2");
    proof.holds();
    lab.moved(guest, "h1");
    lab.assertLives(guest, "h1");
    proof.holds();
    guest.delete();
  }

  private void assertBootsFromDiskOver(BootImage image, Guest guest) {
    String xml = lab.virsh("h1").must("dumpxml", guest.id());
    assertThat(xml).contains("<boot dev='hd'/>").doesNotContain("<kernel>");
    String disk = lab.virsh("h1").must("domblklist", guest.id()).strip();
    String file = disk.substring(disk.lastIndexOf(' ') + 1);
    assertThat(lab.on("h1", "qemu-img", "info", "-U", file))
        .contains("backing file: " + image.path(), "backing file format: " + image.format());
  }
}
