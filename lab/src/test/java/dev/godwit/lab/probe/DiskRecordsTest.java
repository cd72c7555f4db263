package dev.godwit.lab.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.lab.probe.DiskRecords.Disk;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiskRecordsTest {
  private static final DiskRecords BEFORE = records(new Disk("vda", 100, 0, false));

  private static DiskRecords records(Disk... disks) {
    return new DiskRecords(List.of(disks));
  }

  @Test
  void a_disk_that_went_on_lost_nothing() {
    assertThat(records(new Disk("vda", 130, 0, false)).lostSince(BEFORE)).isZero();
  }

  @Test
  void holes_are_lost_records() {
    assertThat(records(new Disk("vda", 130, 3, false)).lostSince(BEFORE)).isEqualTo(3);
  }

  @Test
  void a_disk_that_fell_back_to_an_older_copy_lost_what_was_after_it() {
    assertThat(records(new Disk("vda", 90, 0, false)).lostSince(BEFORE)).isEqualTo(10);
  }

  @Test
  void a_disk_that_is_gone_lost_everything() {
    assertThat(records().lostSince(BEFORE)).isEqualTo(100);
  }

  @Test
  void a_disk_that_takes_no_writes_lost_one() {
    assertThat(records(new Disk("vda", 130, 0, true)).lostSince(BEFORE)).isEqualTo(1);
  }
}
