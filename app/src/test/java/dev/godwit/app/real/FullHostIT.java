package dev.godwit.app.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.lab.host.Await;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A host with so little memory that a guest or two fill it. */
@ExtendWith(SharedLab.class)
class FullHostIT {
  private final RealLab lab;

  FullHostIT(RealLab lab) {
    this.lab = lab;
  }

  @AfterEach
  void the_host_has_its_own_memory_again() {
    lab.on("h3", "sh", "-c", "while umount /proc/meminfo 2>/dev/null; do :; done");
  }

  @Test
  void a_destination_full_of_memory_is_refused_until_there_is_room() {
    memoryOfH3("MemTotal", 256);
    Await.until("h3 to tell of it", RealLab.PATIENCE, () -> memoryMib("memory_mib") == 256);
    // Half as much again as there is may be claimed: 384 MiB.
    Guest resident = lab.guest().flavor("lab.256").built("h3");
    Guest guest = lab.guest().flavor("lab.256").on("h1");
    assertThat(memoryMib("free_memory_mib")).isEqualTo(128);
    guest.isRefused("h3", "memory");
    assertThat(memoryMib("free_memory_mib")).as("nothing stays claimed").isEqualTo(128);
    resident.delete();
    memoryOfH3("MemAvailable", 200);
    guest.isRefused("h3", "free-memory");
    memoryOfH3("MemAvailable", 300);
    lab.moved(guest, "h3");
    lab.assertLives(guest, "h3");
    guest.delete();
  }

  /** What the kernel tells on h3 only; on top of what was changed before. */
  private void memoryOfH3(String line, int mib) {
    lab.on(
        "h3",
        "sh",
        "-c",
        "new=$(mktemp /run/meminfo.XXXX) && sed 's/^%1$s:.*/%1$s: %2$d kB/' /proc/meminfo > $new && mount --bind $new /proc/meminfo"
            .formatted(line, mib << 10));
  }

  private long memoryMib(String figure) {
    return lab.host("h3").path(figure).asLong();
  }
}
