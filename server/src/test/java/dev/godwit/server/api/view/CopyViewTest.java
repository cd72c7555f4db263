package dev.godwit.server.api.view;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.core.model.MigrationSample;
import dev.godwit.core.model.MigrationSample.Disk;
import dev.godwit.core.model.MigrationSample.Disks;
import dev.godwit.core.model.MigrationSample.Memory;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class CopyViewTest {
  private static final Memory NO_MEMORY_YET = new Memory(0, 0, 0, 0, 0, 4096, 0);
  private static final Disks NO_DISKS = new Disks(0, 0, 0, Map.of());

  private static JsonNode view(Memory memory, Disks disks, boolean postCopy, OptionalLong pause) {
    return CopyView.sample(
        new MigrationSample(Instant.EPOCH, postCopy, 5, memory, disks, 300, pause));
  }

  private static JsonNode eta(Memory memory, Disks disks) {
    return view(memory, disks, false, OptionalLong.empty()).path("eta_ms");
  }

  @Test
  void while_disks_are_copied_the_end_in_sight_is_theirs() {
    assertThat(eta(NO_MEMORY_YET, new Disks(1000, 400, 200, Map.of())).asLong()).isEqualTo(3000);
    assertThat(eta(NO_MEMORY_YET, new Disks(1000, 400, 0, Map.of())).isNull()).isTrue();
  }

  @Test
  void while_memory_is_copied_what_the_guest_dirties_makes_the_end_later() {
    assertThat(eta(new Memory(1 << 20, 0, 9000, 5096, 1, 4096, 2), NO_DISKS).asLong())
        .isEqualTo(9000);
    assertThat(eta(new Memory(1 << 20, 0, 9000, 4096, 1, 4096, 2), NO_DISKS).isNull())
        .as("it dirties as fast as it is copied")
        .isTrue();
    assertThat(eta(new Memory(1 << 20, 0, 9000, 0, 0, 4096, 0), NO_DISKS).isNull()).isTrue();
  }

  @Test
  void in_post_copy_nothing_is_copied_twice() {
    assertThat(
            view(
                    new Memory(1 << 20, 0, 4096, 4096, 1, 4096, 2),
                    NO_DISKS,
                    true,
                    OptionalLong.empty())
                .path("eta_ms")
                .asLong())
        .isEqualTo(1000);
  }

  @Test
  void a_copy_that_is_over_has_its_pause_and_no_end_to_come() {
    JsonNode view =
        view(new Memory(1 << 20, 0, 0, 4096, 0, 4096, 2), NO_DISKS, false, OptionalLong.of(42));

    assertThat(view.path("eta_ms").isNull()).isTrue();
    assertThat(view.path("downtime_ms").asLong()).isEqualTo(42);
  }

  @Test
  void each_copied_disk_is_told_apart() {
    JsonNode view =
        view(
            NO_MEMORY_YET,
            new Disks(300, 200, 7, Map.of("vda", new Disk(100, 0), "vdb", new Disk(200, 100))),
            false,
            OptionalLong.empty());

    assertThat(view.path("disk_remaining_bytes").asLong()).isEqualTo(100);
    assertThat(view.path("disk_bps").asLong()).isEqualTo(7);
    assertThat(view.path("disks").path("vda").path("total_bytes").asLong()).isEqualTo(100);
    assertThat(view.path("disks").path("vdb").path("remaining_bytes").asLong()).isEqualTo(100);
  }
}
