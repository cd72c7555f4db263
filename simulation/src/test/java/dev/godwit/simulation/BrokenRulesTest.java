package dev.godwit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.Act;
import dev.godwit.core.migration.Decision;
import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.Observation;
import dev.godwit.core.migration.Order;
import dev.godwit.core.migration.Phase;
import dev.godwit.core.migration.Rules;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.settle.SettleStep;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.TransferRecord;
import dev.godwit.core.model.HandOver;
import dev.godwit.simulation.world.Fault;
import dev.godwit.simulation.world.Fault.What;
import dev.godwit.simulation.world.Fault.Where;
import dev.godwit.simulation.world.History;
import dev.godwit.simulation.world.Scenario;
import dev.godwit.simulation.world.Shrink;
import dev.godwit.simulation.world.When;
import dev.godwit.simulation.world.Wish;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Rules that are broken on purpose: among few histories whose faults fall where the rule matters
 * the simulation finds a wrong one, makes it small and tells it in few lines.
 */
class BrokenRulesTest {
  private static final int MOST_SEEDS = 300;
  private static final int MOST_FAULTS = 3;
  private static final int MOST_LINES = 30;
  private static final Duration LONGER_THAN_LIBVIRTS_PATIENCE = Duration.ofSeconds(45);

  private static final Wish MIGRATE = new Wish(Duration.ZERO, Wish.What.MIGRATE, 0);

  /** The histories of a rule, each of another seed. */
  private interface Field {
    Scenario of(long seed, RandomGenerator random);
  }

  private static History.Outcome found(Field field, Rules broken) {
    History.Outcome first =
        LongStream.rangeClosed(1, MOST_SEEDS)
            .mapToObj(seed -> History.of(field.of(seed, new SplittableRandom(seed)), broken))
            .filter(History.Outcome::wrong)
            .findFirst()
            .orElseThrow();
    History.Outcome told = new Shrink(broken).of(first);
    assertThat(told.broken().getFirst().when()).isEqualTo(first.broken().getFirst().when());
    assertThat(told.scenario().faults())
        .as("%s", told.scenario())
        .hasSizeLessThanOrEqualTo(MOST_FAULTS);
    assertThat(told.brief()).hasSizeLessThanOrEqualTo(MOST_LINES);
    return told;
  }

  private static String story(History.Outcome told) {
    return String.join("\n", told.brief());
  }

  private static Scenario scenario(long seed, int servers, List<Wish> wishes, Fault... faults) {
    return new Scenario(
        seed,
        servers,
        Optional.of(HandOver.FAST),
        false,
        List.of(Scenario.GuestKind.COPIED_DISK),
        wishes,
        List.of(faults));
  }

  private static Fault fault(String line, RandomGenerator random, What what, Duration lasts) {
    return new Fault(
        new When.Line(line, 1, Duration.ofMillis(random.nextInt(40))),
        what,
        Where.values()[random.nextInt(2)],
        lasts);
  }

  private static String handOver(RandomGenerator random) {
    return random.nextBoolean() ? "event SUSPENDED_MIGRATED" : "event RESUMED_MIGRATED";
  }

  private static Scenario cut(long seed, RandomGenerator random) {
    return scenario(
        seed,
        1,
        List.of(MIGRATE),
        fault(handOver(random), random, What.LINK_BETWEEN_HOSTS_CUT, LONGER_THAN_LIBVIRTS_PATIENCE),
        fault("to SETTLING", random, What.DATABASE_SLOW, Duration.ofSeconds(1)));
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
            return unfenced(
                Rules.super.next(
                    migration, fencing ? Observation.of(new StepReply.Done()) : seen, now));
          }
        };

    assertThat(story(found(BrokenRulesTest::cut, noFence))).contains("two copies ran");
  }

  private static Decision unfenced(Decision decision) {
    return decision instanceof Decision.Move move
        ? new Decision.Move(
            move.transition(),
            move.why(),
            move.next(),
            move.orders().stream().filter(it -> !(it.act() instanceof Act.FenceSource)).toList())
        : decision;
  }

  private static Scenario silent(long seed, RandomGenerator random) {
    return scenario(
        seed,
        1,
        List.of(MIGRATE),
        fault(handOver(random), random, What.LIBVIRTD_KILLED, Duration.ofSeconds(1)),
        fault(handOver(random), random, What.AGENT_KILLED, Duration.ofSeconds(20)),
        fault("to TRANSFERRING", random, What.DATABASE_SLOW, Duration.ofSeconds(1)));
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

    assertThat(story(found(BrokenRulesTest::silent, hasty))).contains("_KILLED");
  }

  /** An owner that stands still between its journal and its order, until another has gone on. */
  private static Scenario overtaken(long seed, RandomGenerator random) {
    return scenario(
        seed,
        2,
        List.of(MIGRATE, new Wish(Duration.ofMillis(random.nextInt(100, 500)), Wish.What.ABORT, 0)),
        new Fault(
            new When.Line(
                random.nextBoolean()
                    ? "to PREPARING DESTINATION_DISKS"
                    : "to PREPARING DESTINATION_DIRECTORIES",
                1,
                Duration.ZERO),
            What.SERVER_FROZEN,
            Where.SOURCE,
            LONGER_THAN_LIBVIRTS_PATIENCE),
        fault("to ROLLING_BACK", random, What.DATABASE_SLOW, Duration.ofSeconds(1)));
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

    assertThat(story(found(BrokenRulesTest::overtaken, unfenced))).contains("SERVER_FROZEN");
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
