package dev.godwit.core.migration.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.MigrationRequest;
import dev.godwit.core.model.HandOver;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.PowerState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The plan that follows from the facts. */
class PlannerTest {
  private static final MovePolicy EVERYTHING =
      new MovePolicy(true, true, 4, 100, 500, Optional.empty());

  private static TransferPlan plan(Facts facts, Optional<HandOver> wanted, MovePolicy policy) {
    return Planner.plan(
        new HostName("host-b"),
        facts.guest(),
        facts.destination(),
        new MigrationRequest(Optional.empty(), Optional.empty(), wanted),
        policy);
  }

  private static Facts shared() {
    Facts facts = new Facts();
    facts.sharedPaths = List.of(Facts.DISK);
    return facts;
  }

  @ParameterizedTest(name = "asked {0}, writable disk shared {1}, lock proven {2}: {3}")
  @CsvSource({
    "AUTO, true, false, STRICT",
    "AUTO, true, true, FAST",
    "AUTO, false, false, FAST",
    "AUTO, false, true, FAST",
    "FAST, true, false, FAST",
    "FAST, true, true, FAST",
    "FAST, false, false, FAST",
    "FAST, false, true, FAST",
    "STRICT, true, false, STRICT",
    "STRICT, true, true, STRICT",
    "STRICT, false, false, STRICT",
    "STRICT, false, true, STRICT",
  })
  void the_hand_over(String asked, boolean isShared, boolean lockProven, HandOver handOver) {
    Facts facts = isShared ? shared() : new Facts();
    facts.lockProven = lockProven;
    Optional<HandOver> wanted =
        asked.equals("AUTO") ? Optional.empty() : Optional.of(HandOver.valueOf(asked));

    assertThat(plan(facts, wanted, MovePolicy.DEFAULT).handOver()).isEqualTo(handOver);
  }

  @ParameterizedTest(name = "{0} over there, {1} here, lease {2}: {3}")
  @CsvSource({
    "lockd, lockd, /leases/1, FAST",
    "lockd, nop, /leases/1, STRICT",
    "lockd, sanlock, /leases/1, STRICT",
    "lockd, lockd, /others/1, STRICT",
    "lockd, lockd, , STRICT",
    ", , /leases/1, STRICT",
  })
  void a_lease_is_enough_for_a_fast_hand_over_where_both_daemons_ask_for_it(
      @Nullable String source,
      @Nullable String destination,
      @Nullable String refused,
      HandOver handOver) {
    Facts facts = shared();
    facts.held = new DiskLeases(Optional.ofNullable(source), Map.of(Facts.DISK, "/leases/1"));
    facts.refused =
        new DiskLeases(
            Optional.ofNullable(destination),
            refused == null ? Map.of() : Map.of(Facts.DISK, refused));

    assertThat(plan(facts, Optional.empty(), MovePolicy.DEFAULT).handOver()).isEqualTo(handOver);
  }

  @Test
  void every_disk_that_the_guest_writes_has_to_have_its_lease() {
    Facts facts = shared();
    facts.secondOn = Optional.of(Facts.FILE_SYSTEM);
    facts.held = new DiskLeases(Optional.of("lockd"), Map.of(Facts.DISK, "/leases/1"));
    facts.refused = facts.held;
    assertThat(plan(facts, Optional.empty(), MovePolicy.DEFAULT).handOver())
        .isEqualTo(HandOver.STRICT);

    facts.held =
        new DiskLeases(
            Optional.of("lockd"), Map.of(Facts.DISK, "/leases/1", Facts.SECOND_DISK, "/leases/2"));
    facts.refused = facts.held;
    assertThat(plan(facts, Optional.empty(), MovePolicy.DEFAULT).handOver())
        .isEqualTo(HandOver.FAST);
  }

  @Test
  void the_configurations_hand_over_counts_unless_the_move_asks_for_another() {
    MovePolicy strict = new MovePolicy(false, false, 1, 0, 300, Optional.of(HandOver.STRICT));

    assertThat(plan(new Facts(), Optional.empty(), strict).handOver()).isEqualTo(HandOver.STRICT);
    assertThat(plan(new Facts(), Optional.of(HandOver.FAST), strict).handOver())
        .isEqualTo(HandOver.FAST);
  }

  @Test
  void a_shared_disk_that_the_guest_cannot_write_needs_no_strict_hand_over() {
    Facts facts = shared();
    facts.writable = false;

    TransferPlan plan = plan(facts, Optional.empty(), MovePolicy.DEFAULT);

    assertThat(plan.handOver()).isEqualTo(HandOver.FAST);
    assertThat(plan.writableDiskShared()).isFalse();
  }

  @Test
  void post_copy_goes_neither_with_a_strict_hand_over_nor_with_a_paused_guest() {
    assertThat(plan(new Facts(), Optional.empty(), EVERYTHING).postCopyPermitted()).isTrue();
    assertThat(plan(new Facts(), Optional.empty(), MovePolicy.DEFAULT).postCopyPermitted())
        .isFalse();
    assertThat(plan(new Facts(), Optional.of(HandOver.STRICT), EVERYTHING).postCopyPermitted())
        .isFalse();
    Facts paused = new Facts();
    paused.powerState = PowerState.PAUSED;
    paused.pausedByOwner = true;
    assertThat(plan(paused, Optional.empty(), EVERYTHING).postCopyPermitted()).isFalse();
  }

  @Test
  void a_guest_is_throttled_only_where_post_copy_is_not_there() {
    assertThat(plan(new Facts(), Optional.empty(), EVERYTHING).autoConvergePermitted()).isFalse();
    assertThat(plan(new Facts(), Optional.of(HandOver.STRICT), EVERYTHING).autoConvergePermitted())
        .isTrue();
  }

  @Test
  void disks_are_copied_unless_they_were_seen_to_be_shared() {
    assertThat(plan(new Facts(), Optional.empty(), MovePolicy.DEFAULT).copiedDisks())
        .extracting(DiskMove::target)
        .containsExactly("vda");
    TransferPlan plan = plan(shared(), Optional.empty(), MovePolicy.DEFAULT);
    assertThat(plan.copiedDisks()).isEmpty();
    assertThat(plan.writableDiskShared()).isTrue();
    assertThat(plan.sharedProven()).isTrue();
  }

  @Test
  void a_read_only_disk_is_present_at_both_and_never_called_copied() {
    Facts facts = new Facts();
    facts.kind = "block";
    facts.writable = false;
    TransferPlan plan = plan(facts, Optional.empty(), MovePolicy.DEFAULT);
    assertThat(plan.disks()).extracting(DiskMove::mode).containsExactly(DiskMove.Mode.PRESENT);
    assertThat(plan.copiedDisks()).isEmpty();
    assertThat(plan.sharedProven()).isFalse();

    facts.kind = "network";
    assertThat(plan(facts, Optional.empty(), MovePolicy.DEFAULT).disks()).isEmpty();
  }

  @Test
  void firmware_variables_leave_the_source_without_being_copied_and_need_no_strict_hand_over() {
    Facts facts = new Facts();
    facts.kind = GuestFacts.NVRAM;
    TransferPlan plan = plan(facts, Optional.empty(), MovePolicy.DEFAULT);

    assertThat(plan.disks()).extracting(DiskMove::mode).containsExactly(DiskMove.Mode.NVRAM);
    assertThat(plan.disks()).allMatch(DiskMove::leaves).noneMatch(DiskMove::travels);
    assertThat(plan.handOver()).isEqualTo(HandOver.FAST);
    assertThat(plan.writableDiskShared()).isFalse();
  }

  @Test
  void the_plan_remembers_how_the_guest_was_and_what_the_policy_permits() {
    TransferPlan plan = plan(new Facts(), Optional.empty(), EVERYTHING);

    assertThat(plan.autostart()).isTrue();
    assertThat(plan.ownerPaused()).isFalse();
    assertThat(plan.nativeTls()).isTrue();
    assertThat(plan.parallelConnections()).isEqualTo(4);
    assertThat(plan.bandwidthMibPerSecond()).isEqualTo(100);
    assertThat(plan.downtimeLimitMs()).isEqualTo(500);
    assertThat(plan.destination()).isEqualTo(new HostName("host-b"));
  }
}
