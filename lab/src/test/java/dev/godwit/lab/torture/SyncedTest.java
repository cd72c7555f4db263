package dev.godwit.lab.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.lab.probe.DiskRecords;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a guest must find on its disks when it is started again. */
final class SyncedTest {
  private static final Map<String, Long> NOTHING = Map.of();

  private static DiskRecords disk(long found, long last) {
    return new DiskRecords(List.of(new DiskRecords.Disk("vda", found, last, 0, false)));
  }

  private static Synced after(Map<String, Long> told, Map<String, Long> ruledFor) {
    return new Synced(disk(0, 100), Optional.of(told), ruledFor);
  }

  @Test
  void a_stale_disk_has_all_records_of_before_the_case_and_not_those_that_were_synced_in_it() {
    Synced synced = after(Map.of("vda", 120L), NOTHING);
    assertThat(synced.wrong(disk(120, 150))).isEmpty();
    assertThat(synced.wrong(disk(121, 150))).isEmpty();
    assertThat(synced.wrong(disk(112, 150)))
        .hasValueSatisfying(why -> assertThat(why).startsWith("8 records are missing"));
  }

  @Test
  void what_was_there_before_the_case_must_be_there_whatever_was_told_or_ruled() {
    assertThat(new Synced(disk(0, 100), Optional.empty(), NOTHING).wrong(disk(99, 150)))
        .isPresent();
    assertThat(after(NOTHING, Map.of("vda", 99L)).wrong(disk(99, 150))).isPresent();
  }

  @Test
  void what_a_lost_copy_told_counts_no_more_but_where_none_was_lost_it_must_have_told_something() {
    assertThat(new Synced(disk(0, 100), Optional.empty(), NOTHING).wrong(disk(100, 150))).isEmpty();
    assertThat(after(NOTHING, NOTHING).wrong(disk(100, 150))).isPresent();
  }

  @Test
  void after_a_ruling_it_is_started_from_the_disks_that_were_ruled_for() {
    Synced synced = after(Map.of("vda", 120L), Map.of("vda", 112L));
    assertThat(synced.wrong(disk(112, 150))).isEmpty();
    assertThat(synced.wrong(disk(120, 150)))
        .hasValueSatisfying(why -> assertThat(why).contains("were ruled for"));
  }
}
