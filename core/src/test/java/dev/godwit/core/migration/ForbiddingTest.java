package dev.godwit.core.migration;

import static dev.godwit.core.migration.Moves.REASON;
import static dev.godwit.core.migration.Moves.SINCE;
import static dev.godwit.core.migration.Moves.in;
import static dev.godwit.core.migration.Moves.moves;
import static dev.godwit.core.migration.Moves.stays;
import static dev.godwit.core.migration.Moves.views;
import static dev.godwit.core.migration.transfer.Views.DEAD;
import static dev.godwit.core.migration.transfer.Views.UNKNOWN;
import static dev.godwit.core.migration.transfer.Views.absent;
import static dev.godwit.core.migration.transfer.Views.arrived;
import static dev.godwit.core.migration.transfer.Views.definitionLeft;
import static dev.godwit.core.migration.transfer.Views.incoming;
import static dev.godwit.core.migration.transfer.Views.ranAndEnded;
import static dev.godwit.core.migration.transfer.Views.sourceCopies;
import static dev.godwit.core.migration.transfer.Views.sourceGone;
import static dev.godwit.core.migration.transfer.Views.sourceRuns;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.godwit.core.migration.prepare.PrepareStep;
import dev.godwit.core.migration.prepare.RollbackStep;
import dev.godwit.core.migration.transfer.DecisionTable;
import dev.godwit.core.migration.transfer.GuestView.End;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.TransferRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The way back from where no copy is known to be ordered begins with what the source knows. */
class ForbiddingTest {
  private static final Phase ABORTED =
      new Phase.RollingBack(RollbackStep.TRANSFER_FORBIDDEN, Ending.aborted());
  private static final Phase FAILED =
      new Phase.RollingBack(RollbackStep.TRANSFER_FORBIDDEN, Ending.failed(REASON));

  private static Observation seen(HostView source, HostView destination) {
    return views(source, destination, Duration.ZERO);
  }

  @Test
  void the_source_is_told_before_anything_at_the_destination_goes() {
    Decision.Move back =
        moves(
            in(
                new Phase.Preparing(PrepareStep.SOURCE_AUTOSTART),
                Plans.copied(),
                new Wishes(true, false)),
            Observation.nothing());

    assertThat(back.next().phase()).isEqualTo(ABORTED);
    assertThat(back.orders())
        .extracting(Order::host, Order::act)
        .containsExactly(tuple(back.next().source(), new Act.AbortTransfer()));
  }

  @Test
  void a_source_that_knows_of_no_copy_is_told_again_that_none_is_wanted() {
    Decision.Stay told =
        stays(in(ABORTED), seen(sourceRuns(new TransferRecord.NotStarted()), UNKNOWN));

    assertThat(told.alarm()).isFalse();
    assertThat(told.orders()).extracting(Order::act).containsExactly(new Act.AbortTransfer());
  }

  @Test
  void where_the_source_begins_none_the_files_go_and_a_domain_at_the_destination_stays() {
    HostView forbidden = sourceRuns(new TransferRecord.Forbidden("aborted before it began"));

    for (HostView destination : List.of(absent(), UNKNOWN, arrived(), incoming())) {
      Decision.Move on = moves(in(FAILED), seen(forbidden, destination));
      assertThat(on.next().phase())
          .isEqualTo(new Phase.RollingBack(RollbackStep.DESTINATION_FILES, Ending.failed(REASON)));
      assertThat(on.orders())
          .extracting(Order::act)
          .containsExactly(new Act.ClearDestinationFiles(Plans.copied().disks()));
    }
  }

  @Test
  void a_copy_of_which_the_record_lost_its_entry_is_watched_to_its_end_like_any_other() {
    List<HostView> sources =
        List.of(
            sourceCopies(),
            sourceRuns(new TransferRecord.Interrupted(1)),
            sourceRuns(),
            sourceGone(End.MIGRATED));

    for (HostView source : sources) {
      Decision.Move found = moves(in(FAILED), seen(source, arrived()));
      assertThat(found.transition()).isEqualTo(Transition.COPY_FOUND);
      assertThat(found.next().phase()).isEqualTo(new Phase.Transferring(Optional.of(REASON)));
      assertThat(found.orders()).isEmpty();
    }
  }

  @Test
  void an_abort_that_found_a_copy_aborts_it() {
    Migration aborted = in(ABORTED, Plans.copied(), new Wishes(true, false));

    Migration copying = moves(aborted, seen(sourceCopies(), incoming())).next();

    assertThat(stays(copying, seen(sourceCopies(), incoming())).orders())
        .extracting(Order::act)
        .containsExactly(new Act.AbortTransfer());
  }

  @Test
  void of_a_dead_source_the_destination_tells_whether_it_made_a_copy() {
    for (HostView came : List.of(incoming(), arrived(), definitionLeft(), ranAndEnded())) {
      assertThat(moves(in(FAILED), seen(DEAD, came)).transition()).isEqualTo(Transition.COPY_FOUND);
    }
    for (HostView nothing : List.of(absent(), DEAD)) {
      assertThat(moves(in(FAILED), seen(DEAD, nothing)).next().phase())
          .isEqualTo(new Phase.RollingBack(RollbackStep.DESTINATION_FILES, Ending.failed(REASON)));
    }
    assertThat(stays(in(FAILED), seen(DEAD, UNKNOWN)).orders()).isEmpty();
  }

  @Test
  void a_silent_source_is_asked_on_and_shown() {
    Migration failed = in(FAILED);

    Decision.Stay late =
        (Decision.Stay) Life.next(failed, seen(UNKNOWN, absent()), SINCE.plusSeconds(36));

    assertThat(late.orders()).extracting(Order::act).containsExactly(new Act.AbortTransfer());
    assertThat(late.alarm()).isTrue();
    assertThat(late.why()).contains("godwit host fence host-a");
  }

  @Test
  void a_source_that_does_not_take_it_is_told_less_often_after_two_seconds_and_shown_after_long() {
    assertThat(toldAfter(Duration.ofMillis(1900)).lookAgain()).isEqualTo(Duration.ofMillis(50));
    Decision.Stay slow = toldAfter(Duration.ofSeconds(2));
    assertThat(slow.lookAgain()).isEqualTo(Duration.ofSeconds(1));
    assertThat(slow.alarm()).isFalse();
    Decision.Stay late = toldAfter(DecisionTable.KEEP_ALIVE);
    assertThat(late.alarm()).isTrue();
    assertThat(late.orders()).extracting(Order::act).containsExactly(new Act.AbortTransfer());
  }

  private static Decision.Stay toldAfter(Duration time) {
    HostView never = sourceRuns(new TransferRecord.NotStarted());
    return (Decision.Stay) Life.next(in(ABORTED), seen(never, absent()), SINCE.plus(time));
  }

  /** With both hosts dead it ends, and everything is owed. */
  private static Migration owing() {
    Migration at = in(FAILED);
    while (!at.phase().over()) {
      at = moves(at, seen(DEAD, DEAD)).next();
    }
    return at;
  }

  @Test
  void of_two_dead_hosts_the_source_owes_what_it_knows_of_a_copy() {
    assertThat(owing().owed())
        .extracting(Owed::host, Owed::step)
        .containsExactly(
            tuple(in(FAILED).source(), "TRANSFER_FORBIDDEN"),
            tuple(in(FAILED).destination(), "DESTINATION_FILES"),
            tuple(in(FAILED).source(), "SOURCE_RESTORED"));
  }

  @Test
  void the_first_of_two_dead_hosts_to_return_is_asked_for_a_copy_before_its_files_go() {
    for (Observation back :
        List.of(seen(sourceGone(End.MIGRATED), DEAD), seen(DEAD, definitionLeft()))) {
      Decision.Move asks = moves(owing(), back);
      assertThat(asks.next().phase()).isEqualTo(FAILED);
      assertThat(asks.next().owed()).isEmpty();
      assertThat(moves(asks.next(), back).transition()).isEqualTo(Transition.COPY_FOUND);
    }
    Observation nothing = seen(DEAD, absent());
    assertThat(moves(moves(owing(), nothing).next(), nothing).orders())
        .extracting(Order::act)
        .containsExactly(new Act.ClearDestinationFiles(Plans.copied().disks()));
  }

  @Test
  void a_destination_that_returns_in_the_midst_of_it_is_asked_for_a_copy_too() {
    Migration at = moves(in(FAILED), seen(DEAD, DEAD)).next();
    while (!at.phase().over()) {
      Decision.Move onward = moves(at, seen(DEAD, HostView.NOT_LOOKED));
      assertThat(onward.orders()).isEmpty();
      at = onward.next();
    }

    assertThat(at.owed()).isEqualTo(owing().owed());
  }

  @Test
  void a_copy_of_a_guest_that_nobody_needs_any_more_is_cleared_and_not_followed() {
    for (Observation found : List.of(seen(sourceRuns(), arrived()), seen(DEAD, arrived()))) {
      assertThat(moves(in(FAILED), found.movedOn(true)).next().phase())
          .isEqualTo(new Phase.RollingBack(RollbackStep.DESTINATION_DOMAIN, Ending.failed(REASON)));
    }
  }
}
