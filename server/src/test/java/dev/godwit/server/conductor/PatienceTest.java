package dev.godwit.server.conductor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.MigrationRequest;
import dev.godwit.core.migration.Phase;
import dev.godwit.core.migration.Wishes;
import dev.godwit.core.migration.plan.DiskMove;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.migration.settle.SettleStep;
import dev.godwit.core.model.DiskFormat;
import dev.godwit.core.model.Epoch;
import dev.godwit.core.model.HandOver;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PatienceTest {
  private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");
  private static final Patience TEN = new Patience(10, Patience.Action.FORCE_COMPLETE);

  private static Migration in(Phase phase, Wishes wishes, DiskMove.Mode mode) {
    TransferPlan plan =
        new TransferPlan(
            new HostName("host2"),
            "qemu+tls://host2/system",
            "tcp:host2",
            HandOver.FAST,
            List.of(
                new DiskMove(
                    "vda", "/local/vda", DiskFormat.QCOW2, 5L << 30, Optional.empty(), true, mode)),
            false,
            false,
            false,
            true,
            false,
            false,
            1,
            0,
            300);
    return new Migration(
        MigrationId.of("aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"),
        1,
        InstanceId.of("11111111-1111-4111-8111-111111111111"),
        new HostName("host1"),
        MigrationRequest.anywhere(),
        phase,
        Optional.of(plan),
        wishes,
        new Epoch(1),
        SINCE,
        SINCE,
        List.of());
  }

  private static Migration copying(DiskMove.Mode mode) {
    return in(new Phase.Transferring(), Wishes.NONE, mode);
  }

  @Test
  void memory_and_copied_disks_lengthen_it_and_shared_disks_do_not() {
    Migration copied = copying(DiskMove.Mode.COPIED);
    Migration shared = copying(DiskMove.Mode.SHARED);

    // 3 GiB of memory and 5 GiB of a disk.
    assertThat(TEN.isOver(copied, () -> 3 << 10, SINCE.plusSeconds(80))).isFalse();
    assertThat(TEN.isOver(copied, () -> 3 << 10, SINCE.plusSeconds(81))).isTrue();
    assertThat(TEN.isOver(shared, () -> 3 << 10, SINCE.plusSeconds(31))).isTrue();
  }

  @Test
  void a_small_guest_counts_as_two_gibibytes() {
    Migration shared = copying(DiskMove.Mode.SHARED);

    assertThat(TEN.isOver(shared, () -> 128, SINCE.plusSeconds(20))).isFalse();
    assertThat(TEN.isOver(shared, () -> 128, SINCE.plusSeconds(21))).isTrue();
  }

  @Test
  void nothing_is_wished_for_besides_the_copy_or_after_somebody_wished() {
    Instant late = SINCE.plusSeconds(10_000);
    Phase settling = new Phase.Settling(SettleStep.SOURCE_FENCED);

    assertThat(TEN.isOver(in(settling, Wishes.NONE, DiskMove.Mode.SHARED), () -> 128, late))
        .isFalse();
    for (Wishes wishes : List.of(new Wishes(true, false), new Wishes(false, true))) {
      Migration wished = in(new Phase.Transferring(), wishes, DiskMove.Mode.SHARED);
      assertThat(TEN.isOver(wished, () -> 128, late)).isFalse();
    }
    assertThat(
            new Patience(0, Patience.Action.ABORT)
                .isOver(copying(DiskMove.Mode.SHARED), () -> 128, late))
        .isFalse();
  }
}
