package dev.godwit.core.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.Decision;
import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.Moves;
import dev.godwit.core.migration.Observation;
import dev.godwit.core.migration.Order;
import dev.godwit.core.migration.Phase;
import dev.godwit.core.migration.Plans;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.Wishes;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.migration.settle.SettleStep;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.TransferRecord;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The bound: how many things go wrong in one history; -Dgodwit.search.faults asks for more. */
class SearchTest {
  private static final int FAULTS = Integer.getInteger("godwit.search.faults", 2);

  private static final int TO_SHOW_IT = 2;

  private static Search.Found search(String what, TransferPlan plan, int faults, Rules rules) {
    World first = new World(Moves.in(new Phase.Planned(), plan, Wishes.NONE), faults);
    Search.Found found = Search.from(first, rules);
    System.out.printf(
        "%s: %,d states, up to %d faults in a history%n", what, found.states(), faults);
    return found;
  }

  private static void endsWell(String what, TransferPlan plan) {
    assertThat(search(what, plan, FAULTS, Rules.PRODUCTION).wrong()).isEmpty();
  }

  @Test
  void every_move_of_a_copied_disk_ends_well() {
    endsWell("copied disk", Plans.copied());
  }

  @Test
  void every_move_on_a_shared_disk_that_a_lock_guards_ends_well() {
    endsWell("shared disk with a lock", Plans.shared());
  }

  @Test
  void every_strict_hand_over_ends_well() {
    endsWell("strict hand-over", Plans.strict());
  }

  @Test
  void every_move_of_a_guest_that_its_owner_paused_ends_well() {
    endsWell("paused by its owner", Plans.ownerPaused());
    endsWell("paused by its owner, strict hand-over", Plans.ownerPausedStrict());
  }

  private static String story(TransferPlan plan, Rules broken) {
    Search.Story story =
        search("broken on purpose", plan, TO_SHOW_IT, broken).wrong().orElseThrow();
    System.out.println(story);
    return story.toString();
  }

  @Test
  void a_life_that_does_not_fence_the_source_is_caught() {
    Rules noFence =
        new Rules() {
          @Override
          public Decision next(Migration migration, Observation seen, Instant now) {
            boolean fencing =
                migration.phase() instanceof Phase.Settling(SettleStep step)
                    && step == SettleStep.SOURCE_FENCED;
            return Rules.super.next(
                migration, fencing ? Observation.of(new StepReply.Done()) : seen, now);
          }
        };
    assertThat(story(Plans.strict(), noFence)).contains("source is there");
  }

  @Test
  void a_life_that_takes_silence_for_absence_is_caught() {
    Rules hasty =
        new Rules() {
          @Override
          public Decision next(Migration migration, Observation seen, Instant now) {
            boolean silent =
                seen.destination() instanceof HostView.Unknown
                    && seen.source() instanceof HostView.Seen;
            HostView nothing =
                new HostView.Seen(
                    Instant.EPOCH,
                    new GuestView.Inactive(false, GuestView.End.UNKNOWN, false),
                    new TransferRecord.NotStarted());
            return Rules.super.next(
                migration,
                silent
                    ? new Observation(
                        seen.source(),
                        nothing,
                        seen.unchangedFor(),
                        seen.plan(),
                        seen.reply(),
                        seen.earlierSettling())
                    : seen,
                now);
          }
        };
    assertThat(story(Plans.copied(), hasty)).contains("libvirtd is killed");
  }

  @Test
  void agents_that_take_orders_of_any_age_are_caught() {
    Rules unfenced =
        new Rules() {
          @Override
          public Optional<StepReply> answer(long epochSeen, boolean over, Order order) {
            return Optional.empty();
          }
        };
    assertThat(story(Plans.copied(), unfenced)).contains("late");
  }
}
