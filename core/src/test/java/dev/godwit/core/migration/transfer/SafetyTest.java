package dev.godwit.core.migration.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.Moves;
import dev.godwit.core.migration.Plans;
import dev.godwit.core.migration.Wishes;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.migration.transfer.GuestView.Active;
import dev.godwit.core.migration.transfer.GuestView.End;
import dev.godwit.core.migration.transfer.GuestView.Inactive;
import dev.godwit.core.migration.transfer.HostView.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Every pair of views that can be written down: what no row may ever do, whatever is seen. */
class SafetyTest {
  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration T = DecisionTable.KEEP_ALIVE;

  private static final List<TransferPlan> PLANS =
      List.of(
          Plans.copied(),
          Plans.shared(),
          Plans.strict(),
          Plans.ownerPaused(),
          Plans.ownerPausedStrict());

  private static final List<RunState> STATES =
      List.of(RunState.RUNNING, RunState.PAUSED, RunState.CRASHED, RunState.SUSPENDED);

  private static final List<TransferRecord> TRANSFERS =
      List.of(
          new TransferRecord.NotStarted(),
          new TransferRecord.Started(),
          new TransferRecord.Ended(""),
          new TransferRecord.Interrupted(1));

  private record Pair(
      Optional<GuestView> source,
      Optional<GuestView> destination,
      TransferPlan plan,
      Duration unchanged,
      Row row) {

    Optional<Active> activeSource() {
      return source.filter(Active.class::isInstance).map(Active.class::cast);
    }

    Optional<Active> activeDestination() {
      return destination.filter(Active.class::isInstance).map(Active.class::cast);
    }

    boolean sourceMigrates() {
      return activeSource().map(SafetyTest::migrates).orElse(false);
    }
  }

  private static List<GuestView> guests() {
    List<GuestView> guests = new ArrayList<>();
    for (boolean one : List.of(true, false)) {
      for (End end : End.values()) {
        guests.add(new Inactive(true, end, one));
        guests.add(new Inactive(false, end, one));
      }
      for (RunState state : STATES) {
        for (StateReason reason : StateReason.values()) {
          for (JobView job : JobView.values()) {
            guests.add(new Active(state, reason, job, 1, one, one));
          }
        }
      }
    }
    return guests;
  }

  private static List<HostView> hosts(List<TransferRecord> transfers) {
    List<HostView> hosts = new ArrayList<>();
    hosts.add(Views.UNKNOWN);
    hosts.add(Views.DEAD);
    for (GuestView guest : guests()) {
      transfers.forEach(transfer -> hosts.add(new Seen(AT, guest, transfer)));
    }
    return hosts;
  }

  /** Of a dead host: that nothing runs there, and as a destination that it may have. */
  private static Optional<GuestView> guest(HostView host, boolean mayHaveRun) {
    return switch (host) {
      case HostView.Unknown _ -> Optional.empty();
      case HostView.Fenced _ -> Optional.of(new Inactive(true, End.UNKNOWN, mayHaveRun));
      case Seen(Instant _, GuestView guest, TransferRecord _) -> Optional.of(guest);
    };
  }

  private static boolean migrates(Active guest) {
    return guest.job() == JobView.OUTGOING || guest.job() == JobView.INCOMING;
  }

  private static boolean lives(Active guest) {
    return guest.state() == RunState.RUNNING || guest.state() == RunState.SUSPENDED;
  }

  /** What is wrong with a decision; empty when nothing is. */
  private static String wrong(Pair it) {
    return switch (it.row.verdict()) {
      case WAIT, HOLD -> "";
      case WATCH -> it.sourceMigrates() ? "" : "watches a source without a job";
      case START ->
          it.destination.filter(Inactive.class::isInstance).isPresent()
                  && it.activeSource().isPresent()
                  && !it.sourceMigrates()
                  && it.source.isPresent()
              ? ""
              : "starts over something";
      case COMMIT -> wrongCommit(it);
      case ROLL_BACK -> wrongRollback(it);
      case RESUME_SOURCE -> wrongResume(it);
      case CLEAR_DESTINATION ->
          it.activeDestination().map(Active::state).equals(Optional.of(RunState.RUNNING))
                  || it.unchanged.compareTo(T) < 0
                  || it.source.isEmpty()
                  || it.sourceMigrates()
              ? "clears what may still become the guest"
              : "";
      case SUSPEND_DESTINATION ->
          it.activeSource().map(SafetyTest::lives).orElse(false)
                  && it.activeDestination().isPresent()
              ? ""
              : "suspends the only copy";
    };
  }

  private static String wrongCommit(Pair it) {
    if (it.activeSource().filter(source -> lives(source) && !migrates(source)).isPresent()
        && it.row != Row.POST_COPY_RUNNING) {
      return "takes the guest from a source that runs";
    }
    if (it.row == Row.ARRIVED
        && it.activeDestination().filter(d -> lives(d) || d.resumedSeen()).isEmpty()) {
      return "commits to a guest that was never seen to run";
    }
    if (it.row == Row.ENDED_AT_DESTINATION
        || it.row == Row.MOVED_TO_DEAD_HOST
        || it.row == Row.SHARED_OFF_AT_DESTINATION
        || it.row == Row.RULED_FOR_DESTINATION) {
      return it.activeDestination().isEmpty() && it.activeSource().isEmpty() ? "" : "not ended";
    }
    return it.activeDestination()
            .filter(d -> d.job() != JobView.INCOMING || it.row == Row.POST_COPY_RUNNING)
            .isPresent()
        ? ""
        : "commits to nothing";
  }

  private static String wrongRollback(Pair it) {
    if (it.source.isEmpty() || it.destination.isEmpty()) {
      return "goes back on silence";
    }
    if (it.sourceMigrates()) {
      return "goes back under a live job";
    }
    return it.activeDestination().map(Active::state).equals(Optional.of(RunState.RUNNING))
        ? "goes back from a running destination"
        : "";
  }

  private static String wrongResume(Pair it) {
    boolean paused =
        it.activeSource().map(Active::state).equals(Optional.of(RunState.PAUSED))
            && !it.sourceMigrates();
    if (!paused || it.plan.ownerPaused()) {
      return "resumes what it did not pause";
    }
    return it.destination.orElse(null) instanceof Inactive inactive
            && !(inactive.mayHaveRun() && it.plan.writableDiskShared() && !it.plan.arrivesPaused())
        ? ""
        : "resumes old memory over a newer disk, or a second copy";
  }

  @Test
  void no_pair_of_views_leads_to_harm() {
    List<HostView> sources = hosts(TRANSFERS);
    List<HostView> destinations = hosts(TRANSFERS.subList(0, 1));
    for (TransferPlan plan : PLANS) {
      for (Wishes wishes :
          List.of(
              Wishes.NONE,
              new Wishes(true, true),
              Moves.ruledFor("host-a"),
              Moves.ruledFor("host-b"))) {
        for (Duration unchanged : List.of(Duration.ZERO, T)) {
          for (HostView source : sources) {
            for (HostView destination : destinations) {
              Row row = DecisionTable.row(source, destination, plan, wishes, unchanged);
              String wrong =
                  wrong(
                      new Pair(
                          guest(source, false),
                          guest(destination, !plan.arrivesPaused()),
                          plan,
                          unchanged,
                          row));
              if (!wrong.isEmpty()) {
                assertThat(wrong)
                    .as("%s for%n%s%n%s%n%s, %s", row, source, destination, plan, unchanged)
                    .isEmpty();
              }
            }
          }
        }
      }
    }
  }
}
