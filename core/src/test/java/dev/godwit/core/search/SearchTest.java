package dev.godwit.core.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.Act;
import dev.godwit.core.migration.Decision;
import dev.godwit.core.migration.Ending;
import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.Moves;
import dev.godwit.core.migration.Observation;
import dev.godwit.core.migration.Order;
import dev.godwit.core.migration.Owed;
import dev.godwit.core.migration.Phase;
import dev.godwit.core.migration.Plans;
import dev.godwit.core.migration.Rules;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.Transition;
import dev.godwit.core.migration.WayOut;
import dev.godwit.core.migration.Wishes;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.migration.prepare.RollbackStep;
import dev.godwit.core.migration.settle.SettleStep;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.RunState;
import dev.godwit.core.migration.transfer.TransferRecord;
import dev.godwit.core.model.Epoch;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Searches run beside each other. The bound: how many things go wrong in one history;
 * -Dgodwit.search.faults asks for more.
 */
@Execution(ExecutionMode.CONCURRENT)
class SearchTest {
  private static final int FAULTS = Integer.getInteger("godwit.search.faults", 2);

  private static final int TO_SHOW_IT = 2;
  private static final Wishes FORCED = new Wishes(false, true);

  private static World world(TransferPlan plan, Wishes wishes, int faults) {
    return new World(planned(plan, wishes), faults);
  }

  private static Migration planned(TransferPlan plan, Wishes wishes) {
    return Moves.in(new Phase.Planned(), plan, wishes);
  }

  private static Search.Found search(String what, World first, Rules rules) {
    Search.Found found = Search.from(first, rules);
    System.out.printf(
        "%s: %,d states, up to %d faults in a history%n", what, found.states(), first.faultsLeft);
    return found;
  }

  private static void endsWell(String what, World first) {
    assertThat(search(what, first, Rules.PRODUCTION).wrong()).isEmpty();
  }

  private static void endsWell(String what, TransferPlan plan) {
    endsWell(what, world(plan, Wishes.NONE, FAULTS));
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
  void every_move_of_a_guest_without_a_disk_that_does_not_start_with_its_host_ends_well() {
    endsWell("no disk, no autostart", Plans.diskless(false));
  }

  @Test
  void every_strict_hand_over_ends_well() {
    endsWell("strict hand-over", Plans.strict());
    endsWell("strict hand-over of a copied disk", Plans.strictCopied());
  }

  @Test
  void every_move_of_a_guest_that_its_owner_paused_ends_well() {
    endsWell("paused by its owner", Plans.ownerPaused());
  }

  @Test
  void every_strict_move_of_a_guest_that_its_owner_paused_ends_well() {
    endsWell("paused by its owner, strict hand-over", Plans.ownerPausedStrict());
  }

  @Test
  void every_move_that_is_forced_into_post_copy_ends_well() {
    endsWell("post-copy", world(Plans.postCopy(), FORCED, FAULTS));
    endsWell("post-copy, shared disk", world(Plans.postCopyShared(), FORCED, FAULTS));
    endsWell("post-copy, no disk", world(Plans.diskless(true), FORCED, FAULTS - 1));
    endsWell("post-copy, leases", World.withLeases(planned(Plans.postCopy(), FORCED), FAULTS - 1));
  }

  @Test
  void every_move_whose_end_an_operator_wishes_for_beside_all_that_goes_wrong_ends_well() {
    for (TransferPlan plan : List.of(Plans.copied(), Plans.strict())) {
      endsWell("a wish beside it", World.withAWish(planned(plan, Wishes.NONE), FAULTS));
    }
  }

  @Test
  void every_move_of_disks_that_a_lock_manager_guards_ends_well() {
    for (TransferPlan plan : List.of(Plans.copied(), Plans.strictCopied())) {
      endsWell("leases", World.withLeases(planned(plan, Wishes.NONE), FAULTS));
    }
  }

  @Test
  void every_move_whose_end_is_forced_by_a_pause_ends_well() {
    endsWell("paused to complete", world(Plans.copied(), FORCED, FAULTS - 1));
    endsWell("paused to complete, shared disk", world(Plans.shared(), FORCED, FAULTS - 1));
  }

  @Test
  void every_move_with_a_host_that_an_operator_takes_for_dead_by_mistake_is_put_right() {
    for (TransferPlan plan : List.of(Plans.copied(), Plans.shared(), Plans.strict())) {
      endsWell("a living host fenced", World.withAnError(planned(plan, Wishes.NONE), FAULTS - 1));
    }
  }

  @Test
  void every_move_with_a_host_that_never_comes_back_ends_in_a_stated_way() {
    for (TransferPlan plan : List.of(Plans.copied(), Plans.shared(), Plans.strict())) {
      endsWell(
          "a host that never comes back", World.ofNoReturn(planned(plan, Wishes.NONE), FAULTS));
    }
    for (TransferPlan plan : List.of(Plans.postCopy(), Plans.postCopyShared())) {
      endsWell(
          "a host that never comes back, post-copy",
          World.ofNoReturn(planned(plan, FORCED), FAULTS));
    }
    endsWell(
        "a host that never comes back, post-copy, no disk",
        World.ofNoReturn(planned(Plans.diskless(true), FORCED), FAULTS - 1));
  }

  @Test
  void every_move_that_follows_one_whose_record_was_lost_ends_well() {
    for (TransferPlan plan : List.of(Plans.copied(), Plans.strict())) {
      endsWell(
          "an order of an earlier migration on its way",
          World.afterLostRecord(planned(plan, Wishes.NONE), FAULTS - 1));
    }
  }

  private static void endsWellThoughEntriesAreLost(TransferPlan plan, Wishes wishes) {
    endsWell(
        "a database that loses its newest entry",
        World.withALosingDatabase(planned(plan, wishes), FAULTS));
  }

  @Test
  void every_move_of_a_copied_disk_whose_database_loses_its_newest_entry_ends_well() {
    endsWellThoughEntriesAreLost(Plans.copied(), Wishes.NONE);
    endsWellThoughEntriesAreLost(Plans.ownerPaused(), Wishes.NONE);
  }

  @Test
  void every_move_on_a_shared_disk_whose_database_loses_its_newest_entry_ends_well() {
    endsWellThoughEntriesAreLost(Plans.shared(), Wishes.NONE);
    endsWellThoughEntriesAreLost(Plans.strict(), Wishes.NONE);
  }

  @Test
  void every_move_of_a_guest_without_a_disk_whose_database_loses_its_newest_entry_ends_well() {
    endsWellThoughEntriesAreLost(Plans.diskless(false), Wishes.NONE);
  }

  @Test
  void every_move_into_post_copy_whose_database_loses_its_newest_entry_ends_well() {
    endsWellThoughEntriesAreLost(Plans.postCopy(), FORCED);
  }

  private static World withASourceLeftPaused(TransferPlan plan, int faults) {
    Migration second = Moves.in(new Phase.Transferring(), plan, Wishes.NONE);
    return World.withASourceLeftPaused(second, faults);
  }

  @Test
  void every_move_whose_first_try_left_the_source_paused_ends_well() {
    for (TransferPlan plan : List.of(Plans.copied(), Plans.strict())) {
      endsWell("a source left paused", withASourceLeftPaused(plan, FAULTS));
    }
  }

  @Test
  void every_strict_hand_over_whose_source_ran_on_unheard_ends_well() {
    for (TransferPlan plan : List.of(Plans.strict(), Plans.strictCopied())) {
      Migration late = Moves.in(new Phase.Transferring(), plan, Wishes.NONE);
      endsWell("a source that ran on", World.withASourceThatRanOn(late, FAULTS));
    }
  }

  private static World withAFinishThatHangs(TransferPlan plan, int faults) {
    return World.withAFinishThatHangs(
        Moves.in(new Phase.Transferring(), plan, Wishes.NONE), faults);
  }

  /**
   * Fast ones: a strict arrival that an order of before the commit ends, late, between the commit
   * and its first order for the destination, is lost with the source that is fenced then.
   */
  @Test
  void every_fast_move_whose_finish_takes_as_long_as_it_likes_ends_well() {
    for (TransferPlan plan : List.of(Plans.copied(), Plans.shared())) {
      endsWell("a Finish that hangs", withAFinishThatHangs(plan, FAULTS - 1));
    }
  }

  @Test
  void every_copy_of_a_move_that_has_no_plan_by_the_record_is_ended_or_told_of() {
    for (TransferPlan plan : List.of(Plans.copied(), Plans.strict(), Plans.postCopy())) {
      Migration copying = Moves.in(new Phase.Transferring(), plan, Wishes.NONE);
      endsWell("no plan", World.withAnUnrecordedCopy(copying, FAULTS));
    }
  }

  @Test
  void what_a_dead_destination_owes_is_done_and_a_pause_of_the_owners_stays() {
    Phase.Failed failed = new Phase.Failed(Ending.failed(Moves.REASON));
    for (TransferPlan plan : List.of(Plans.copied(), Plans.shared())) {
      Migration owing =
          Moves.in(failed, plan, FORCED)
              .owing(new Owed(plan.destination(), RollbackStep.DESTINATION_DOMAIN.name()))
              .owing(new Owed(plan.destination(), RollbackStep.DESTINATION_FILES.name()));
      endsWell("a dead destination", World.withADestinationThatOwes(owing, FAULTS));
    }
  }

  private static String story(TransferPlan plan, Rules broken) {
    return story(world(plan, Wishes.NONE, TO_SHOW_IT), broken);
  }

  private static String story(World first, Rules broken) {
    Search.Story story = search("broken on purpose", first, broken).wrong().orElseThrow();
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
  void a_life_that_commits_without_a_new_epoch_is_caught() {
    Rules sameEpoch =
        new Rules() {
          @Override
          public Decision next(Migration migration, Observation seen, Instant now) {
            Decision decision = Rules.super.next(migration, seen, now);
            return decision instanceof Decision.Move move && move.transition() == Transition.COMMIT
                ? under(migration.epoch(), move)
                : decision;
          }
        };
    assertThat(story(withAFinishThatHangs(Plans.copied(), TO_SHOW_IT), sameEpoch))
        .contains("a late order arrives: ClearDestinationDomain");
  }

  private static Decision.Move under(Epoch epoch, Decision.Move move) {
    List<Order> orders =
        move.orders().stream()
            .map(it -> new Order(it.migration(), epoch, it.instance(), it.host(), it.act()))
            .toList();
    return new Decision.Move(move.transition(), move.why(), move.next().with(epoch), orders);
  }

  @Test
  void a_life_that_resumes_a_source_of_which_another_copy_may_yet_begin_is_caught() {
    Rules hasty =
        new Rules() {
          @Override
          public Decision next(Migration migration, Observation seen, Instant now) {
            return Rules.super.next(migration, stopped(seen.source()) ? over(seen) : seen, now);
          }
        };
    assertThat(story(withASourceLeftPaused(Plans.copied(), TO_SHOW_IT), hasty))
        .contains("a late order arrives: ResumeSource");
  }

  private static boolean stopped(HostView source) {
    return source instanceof HostView.Seen(_, GuestView.Active active, _)
        && active.state() == RunState.PAUSED;
  }

  /** The same with a source that makes no copy any more. */
  private static Observation over(Observation seen) {
    return told(seen, new TransferRecord.Ended("so it is taken"));
  }

  @Test
  void a_life_that_goes_back_without_asking_the_source_for_a_copy_is_caught() {
    Rules trusting =
        new Rules() {
          @Override
          public Decision next(Migration migration, Observation seen, Instant now) {
            return Rules.super.next(migration, forbids(migration) ? forbidden(seen) : seen, now);
          }
        };
    World first = World.withALosingDatabase(planned(Plans.copied(), Wishes.NONE), TO_SHOW_IT);
    assertThat(story(first, trusting)).contains("the database loses its newest entry");
  }

  @Test
  void a_life_that_ends_a_move_without_a_plan_and_asks_its_source_for_no_copy_is_caught() {
    Rules trusting =
        new Rules() {
          @Override
          public Decision next(Migration migration, Observation seen, Instant now) {
            boolean unplanned = migration.phase() instanceof Phase.Accepted;
            return Rules.super.next(
                migration, unplanned ? told(seen, new TransferRecord.NotStarted()) : seen, now);
          }
        };
    Migration copying = Moves.in(new Phase.Transferring(), Plans.copied(), Wishes.NONE);
    assertThat(story(World.withAnUnrecordedCopy(copying, 0), trusting))
        .contains("it ended in silence");
  }

  private static boolean forbids(Migration migration) {
    return migration.phase() instanceof Phase.RollingBack(RollbackStep step, _)
        && step == RollbackStep.TRANSFER_FORBIDDEN;
  }

  /** The same with a source that never began a copy. */
  private static Observation forbidden(Observation seen) {
    return told(seen, new TransferRecord.Forbidden("so it is taken"));
  }

  private static Observation told(Observation seen, TransferRecord transfer) {
    return seen.source() instanceof HostView.Seen(Instant at, GuestView guest, _)
        ? new Observation(
            new HostView.Seen(at, guest, transfer),
            seen.destination(),
            seen.unchangedFor(),
            seen.plan(),
            seen.reply(),
            seen.earlierSettling())
        : seen;
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
            return Rules.super.next(migration, silent ? nothingThere(seen) : seen, now);
          }
        };
    assertThat(story(Plans.copied(), hasty)).contains("libvirtd is killed");
  }

  @Test
  void agents_that_take_orders_of_any_age_are_caught() {
    Rules unfenced =
        new Rules() {
          @Override
          public Optional<StepReply> answer(long epochSeen, long closedBy, Order order) {
            return Optional.empty();
          }
        };
    assertThat(story(Plans.copied(), unfenced)).contains("late");
  }

  @Test
  void agents_that_leave_an_earlier_migration_open_are_caught() {
    Rules open =
        new Rules() {
          @Override
          public boolean supersedes(Act act, StepReply reply) {
            return false;
          }
        };
    World first = World.afterLostRecord(planned(Plans.strict(), Wishes.NONE), 0);
    assertThat(story(first, open)).contains("an earlier migration's order arrives");
  }

  @Test
  void a_life_that_takes_a_dead_host_for_one_that_never_ran_the_guest_is_caught() {
    Rules trusting =
        new Rules() {
          @Override
          public Decision next(Migration migration, Observation seen, Instant now) {
            boolean dead =
                migration.phase() instanceof Phase.Transferring
                    && seen.destination() instanceof HostView.Fenced;
            return Rules.super.next(migration, dead ? nothingThere(seen) : seen, now);
          }
        };
    assertThat(story(Plans.shared(), trusting)).contains("an operator fences the destination host");
  }

  @Test
  void a_life_that_holds_a_guest_without_saying_what_to_do_is_caught() {
    Rules silent =
        new Rules() {
          @Override
          public Decision next(Migration migration, Observation seen, Instant now) {
            Decision decision = Rules.super.next(migration, seen, now);
            return decision instanceof Decision.Stay stay && stay.alarm()
                ? new Decision.Stay("an operator decides", true, stay.orders(), stay.lookAgain())
                : decision;
          }
        };
    assertThat(story(world(Plans.postCopy(), FORCED, TO_SHOW_IT), silent))
        .contains("a history that never ends");
  }

  @Test
  void a_life_that_tells_people_to_end_what_may_be_the_last_copy_is_caught() {
    Rules careless =
        new Rules() {
          @Override
          public Decision next(Migration migration, Observation seen, Instant now) {
            Decision decision = Rules.super.next(migration, seen, now);
            return decision instanceof Decision.Stay stay && stay.why().contains("is kept as it is")
                ? new Decision.Stay(
                    stay.awaited(),
                    WayOut.endCopy(migration, migration.source()),
                    true,
                    stay.orders(),
                    stay.lookAgain())
                : decision;
          }
        };
    assertThat(story(Plans.copied(), careless))
        .contains("an operator was told to end the only copy that runs");
  }

  @Test
  void a_life_that_forgets_what_a_dead_host_owes_is_caught() {
    Rules forgetful =
        new Rules() {
          @Override
          public Decision next(Migration migration, Observation seen, Instant now) {
            Decision decision = Rules.super.next(migration, seen, now);
            return decision instanceof Decision.Move move && !move.next().owed().isEmpty()
                ? new Decision.Move(
                    move.transition(), move.why(), move.next().owingNothing(), move.orders())
                : decision;
          }
        };
    assertThat(story(Plans.copied(), forgetful)).contains("an operator fences");
  }

  /** The same with a destination that never had the guest. */
  private static Observation nothingThere(Observation seen) {
    return new Observation(
        seen.source(),
        new HostView.Seen(
            Instant.EPOCH,
            new GuestView.Inactive(false, GuestView.End.UNKNOWN, false),
            new TransferRecord.NotStarted()),
        seen.unchangedFor(),
        seen.plan(),
        seen.reply(),
        seen.earlierSettling());
  }
}
