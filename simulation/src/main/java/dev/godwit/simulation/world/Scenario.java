package dev.godwit.simulation.world;

import dev.godwit.core.model.HandOver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What a history begins with and what befalls it: all that the seed decides beforehand, so that a
 * smaller one can be tried.
 *
 * @param seed decides all the rest: order of steps, latencies, luck
 */
public record Scenario(
    long seed,
    int servers,
    Optional<HandOver> handOver,
    boolean postCopy,
    List<GuestKind> guests,
    List<Wish> wishes,
    List<Fault> faults) {
  private static final Duration LATEST = Duration.ofSeconds(6);
  private static final Duration EARLY = Duration.ofMillis(1_500);
  private static final int ONE_OF_SO_MANY_IS_AIMED = 4;
  private static final int ONE_FINISH_OF_SO_MANY_IS_UNHEARD = 12;
  private static final Duration LONGEST_FINISH = Duration.ofMillis(40);
  private static final List<String> PLANNING = List.of("WISH MIGRATE", "to PLANNED");

  /** After these a host's programs are run, and soon are no more. */
  private static final List<String> PROGRAMS = List.of("answered 202", "to PREPARING");

  private static final List<String> PHASES =
      List.of(
          "to PREPARING",
          "to TRANSFERRING",
          "to SETTLING",
          // Most moves go well.
          "to ROLLING_BACK",
          "to ROLLING_BACK",
          "to ROLLING_BACK");
  private static final List<String> EVENTS =
      List.of(
          "event STARTED_MIGRATED",
          "event SUSPENDED_MIGRATED",
          "event DEFINED_ADDED",
          "event RESUMED_MIGRATED",
          "event SUSPENDED_PAUSED",
          "event STOPPED_MIGRATED");
  private static final List<String> POST_COPY_EVENTS =
      List.of(
          "event SUSPENDED_POSTCOPY",
          "event RESUMED_POSTCOPY",
          "event RESUMED_POSTCOPY",
          "event SUSPENDED_POSTCOPY_FAILED");

  public Scenario {
    guests = List.copyOf(guests);
    wishes = List.copyOf(wishes);
    faults = List.copyOf(faults);
  }

  /** A guest to begin with. */
  public enum GuestKind {
    SHARED_DISK,
    COPIED_DISK,
    BUSY_COPIED_DISK,
    NO_DISK
  }

  /** The scenario of a seed: what luck brings, or a fault that luck might never bring there. */
  public static Scenario of(long seed, RandomGenerator random) {
    return seed % ONE_OF_SO_MANY_IS_AIMED == 0
        ? Aimed.of(seed / ONE_OF_SO_MANY_IS_AIMED, seed, random)
        : byLuck(seed, random);
  }

  private static Scenario byLuck(long seed, RandomGenerator random) {
    List<GuestKind> guests = new ArrayList<>();
    int count = random.nextInt(4) == 0 ? 2 : 1;
    for (int i = 0; i < count; i++) {
      guests.add(GuestKind.values()[random.nextInt(GuestKind.values().length)]);
    }
    boolean postCopy = random.nextInt(4) == 0;
    return new Scenario(
        seed,
        random.nextInt(3) == 0 ? 2 : 1,
        Optional.of(random.nextInt(3))
            .filter(it -> it > 0)
            .map(it -> it == 1 && !postCopy ? HandOver.STRICT : HandOver.FAST),
        postCopy,
        guests,
        wishes(random, count, postCopy),
        faults(random, postCopy));
  }

  private static List<Wish> wishes(RandomGenerator random, int guests, boolean postCopy) {
    List<Wish> wishes = new ArrayList<>();
    for (int guest = 0; guest < guests; guest++) {
      wishes.add(new Wish(Duration.ZERO, Wish.What.MIGRATE, guest));
    }
    if (random.nextInt(postCopy ? 6 : 2) == 0) {
      wishes.add(new Wish(within(random, EARLY), Wish.What.ABORT, 0));
    }
    // Where it is permitted, force is what switches to it.
    if (random.nextInt(6) < (postCopy ? 5 : 1)) {
      wishes.add(new Wish(within(random, EARLY), Wish.What.FORCE_COMPLETE, 0));
    }
    int more = random.nextInt(3);
    for (int i = 0; i < more; i++) {
      wishes.add(
          new Wish(
              within(random, LATEST),
              Wish.What.values()[random.nextInt(Wish.What.values().length)],
              random.nextInt(guests)));
    }
    return wishes;
  }

  private static List<Fault> faults(RandomGenerator random, boolean postCopy) {
    List<Fault> faults = new ArrayList<>();
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      Fault.What what = Fault.What.values()[random.nextInt(Fault.What.values().length)];
      faults.add(
          new Fault(
              what == Fault.What.PROGRAM_FAILS
                  ? new When.Line(PROGRAMS.get(random.nextInt(PROGRAMS.size())), 1, Duration.ZERO)
                  : when(random, postCopy),
              what,
              Fault.Where.values()[random.nextInt(2)],
              lasts(random)));
    }
    if (random.nextInt(ONE_FINISH_OF_SO_MANY_IS_UNHEARD) == 0) {
      faults.add(unheardFinish(random));
    }
    return faults;
  }

  /**
   * Nobody hears that the guest runs: libvirt resumes it at the source, unless a lock forbids it.
   */
  private static Fault unheardFinish(RandomGenerator random) {
    Duration before = Duration.ofNanos(random.nextLong(LONGEST_FINISH.toNanos()));
    return new Fault(
        new When.Line("event RESUMED_MIGRATED", 1, before),
        Fault.What.LIBVIRTD_KILLED,
        Fault.Where.DESTINATION,
        lasts(random));
  }

  /** At some time; or at a moment that matters: a line of a journal, a word of libvirt's. */
  private static When when(RandomGenerator random, boolean postCopy) {
    if (postCopy && random.nextInt(3) > 0) {
      return new When.Line(
          POST_COPY_EVENTS.get(random.nextInt(POST_COPY_EVENTS.size())), 1, lately(random));
    }
    return switch (random.nextInt(5)) {
      case 0 -> new When.At(within(random, LATEST));
      case 1 -> new When.Line("journal of", 1 + random.nextInt(12), soon(random));
      case 2 -> new When.Line(PHASES.get(random.nextInt(PHASES.size())), 1, soon(random));
      case 3 -> new When.Line(PLANNING.get(random.nextInt(PLANNING.size())), 1, soon(random));
      default ->
          new When.Line(
              EVENTS.get(random.nextInt(EVENTS.size())), 1 + random.nextInt(2), soon(random));
    };
  }

  /** Within what a post-copy may take. */
  private static Duration lately(RandomGenerator random) {
    return random.nextBoolean() ? soon(random) : Duration.ofNanos(random.nextLong(3_000_000_000L));
  }

  private static Duration soon(RandomGenerator random) {
    return Duration.ofNanos(
        switch (random.nextInt(3)) {
          case 0 -> 0;
          case 1 -> random.nextLong(10_000_000);
          default -> random.nextLong(800_000_000);
        });
  }

  /** Mostly short; one in ten longer than libvirt's patience. */
  private static Duration lasts(RandomGenerator random) {
    return Duration.ofMillis(
        random.nextInt(10) == 0 ? random.nextLong(30_000, 45_000) : random.nextLong(50, 6_000));
  }

  private static Duration within(RandomGenerator random, Duration latest) {
    return Duration.ofNanos(random.nextLong(latest.toNanos()));
  }

  /** The same without one of its faults. */
  public Scenario without(Fault fault) {
    List<Fault> fewer = new ArrayList<>(faults);
    fewer.remove(fault);
    return new Scenario(seed, servers, handOver, postCopy, guests, wishes, fewer);
  }

  /** The same without one of its wishes. */
  public Scenario without(Wish wish) {
    List<Wish> fewer = new ArrayList<>(wishes);
    fewer.remove(wish);
    return new Scenario(seed, servers, handOver, postCopy, guests, fewer, faults);
  }
}
