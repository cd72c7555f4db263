package dev.godwit.simulation.world;

import dev.godwit.core.model.HandOver;
import dev.godwit.simulation.world.Scenario.GuestKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** One fault at the beginning of one stage, all of them by turns. */
final class Aimed {
  private static final Duration EARLY = Duration.ofMillis(1_500);
  private static final long SHORTEST_MS = 2_500;
  private static final long LONGEST_MS = 6_000;
  private static final List<Pair> PAIRS =
      Stream.of(Stage.values())
          .flatMap(stage -> Stream.of(Fault.What.values()).map(what -> new Pair(stage, what)))
          .filter(it -> Coverage.canMeet(it.stage, it.what))
          .toList();

  private Aimed() {}

  private record Pair(Stage stage, Fault.What what) {}

  static Scenario of(long number, long seed, RandomGenerator random) {
    Pair pair = PAIRS.get((int) (number % PAIRS.size()));
    boolean postCopy = pair.stage == Stage.POST_COPY;
    return new Scenario(
        seed,
        1 + random.nextInt(2),
        Optional.of(postCopy || random.nextBoolean() ? HandOver.FAST : HandOver.STRICT),
        postCopy,
        List.of(guest(pair.stage, random)),
        wishes(pair.stage, random),
        List.of(
            new Fault(
                new When.Line(line(pair.stage), 1, Duration.ZERO),
                pair.what,
                Fault.Where.values()[random.nextInt(2)],
                Duration.ofMillis(random.nextLong(SHORTEST_MS, LONGEST_MS)))));
  }

  /** One that is still being copied when somebody aborts, or wants the post-copy. */
  private static GuestKind guest(Stage stage, RandomGenerator random) {
    return stage == Stage.ROLLING_BACK || stage == Stage.POST_COPY
        ? GuestKind.BUSY_COPIED_DISK
        : GuestKind.values()[random.nextInt(GuestKind.values().length)];
  }

  private static List<Wish> wishes(Stage stage, RandomGenerator random) {
    List<Wish> wishes = new ArrayList<>(List.of(new Wish(Duration.ZERO, Wish.What.MIGRATE, 0)));
    Duration early = Duration.ofNanos(random.nextLong(EARLY.toNanos()));
    switch (stage) {
      case ROLLING_BACK -> wishes.add(new Wish(early, Wish.What.ABORT, 0));
      case POST_COPY -> wishes.add(new Wish(early, Wish.What.FORCE_COMPLETE, 0));
      case PLANNING, PREPARING, TRANSFERRING, SETTLING -> {}
    }
    return wishes;
  }

  private static String line(Stage stage) {
    return switch (stage) {
      case PLANNING -> "answered 202";
      case PREPARING -> "to PREPARING";
      case TRANSFERRING -> "to TRANSFERRING";
      case POST_COPY -> "event RESUMED_POSTCOPY";
      case SETTLING -> "to SETTLING";
      case ROLLING_BACK -> "to ROLLING_BACK";
    };
  }
}
