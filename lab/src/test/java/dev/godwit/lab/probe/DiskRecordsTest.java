package dev.godwit.lab.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.lab.probe.DiskRecords.Disk;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DiskRecordsTest {
  private static final DiskRecords BEFORE = records(new Disk("vda", 0, 100, 0, false));

  private static DiskRecords records(Disk... disks) {
    return new DiskRecords(List.of(disks));
  }

  @Test
  void a_disk_that_went_on_lost_nothing() {
    assertThat(records(new Disk("vda", 0, 130, 0, false)).lostSince(BEFORE)).isZero();
  }

  @Test
  void holes_are_lost_records() {
    assertThat(records(new Disk("vda", 0, 130, 3, false)).lostSince(BEFORE)).isEqualTo(3);
  }

  @Test
  void a_disk_that_fell_back_to_an_older_copy_lost_what_was_after_it() {
    assertThat(records(new Disk("vda", 0, 90, 0, false)).lostSince(BEFORE)).isEqualTo(10);
  }

  @Test
  void a_disk_that_is_gone_lost_everything() {
    assertThat(records().lostSince(BEFORE)).isEqualTo(100);
  }

  @Test
  void a_disk_that_takes_no_writes_lost_one() {
    assertThat(records(new Disk("vda", 0, 130, 0, true)).lostSince(BEFORE)).isEqualTo(1);
  }

  @Test
  void what_a_guest_wrote_since_it_was_started_hides_nothing_that_it_did_not_find() {
    DiskRecords now = records(new Disk("vda", 110, 140, 0, false));
    assertThat(now.lostAtStart(Map.of("vda", 110L))).isZero();
    assertThat(now.lostAtStart(Map.of("vda", 117L))).isEqualTo(7);
    assertThat(now.lostAtStart(Map.of("vdb", 3L))).isEqualTo(3);
    assertThat(records(new Disk("vda", 110, 140, 2, false)).lostAtStart(Map.of())).isEqualTo(2);
  }
}
