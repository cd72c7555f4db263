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
  private static final Duration LATEST = Duration.ofSeconds(12);

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

  /** What somebody asks the API for, and when. */
  public record Wish(Duration at, What what, int guest) {
    /** Kinds of wishes. */
    public enum What {
      MIGRATE,
      ABORT,
      FORCE_COMPLETE,
      DELETE,
      PAUSE,
      UNPAUSE,
      STOP,
      START,
      DISABLE_DESTINATION
    }
  }

  /** When something befalls. */
  public sealed interface When {
    /** At that time after the first wish. */
    record At(Duration after) implements When {}

    /** So long after the n-th line of the journal of any migration. */
    record Entry(int number, Duration after) implements When {}

    /** So long after libvirt told of something for the n-th time. */
    record Event(String detail, int number, Duration after) implements When {}
  }

  /** What goes wrong, where, and for how long. */
  public record Fault(When when, What what, Where where, Duration lasts) {
    /** Kinds of faults. */
    public enum What {
      SERVER_KILLED,
      SERVER_FROZEN,
      AGENT_KILLED,
      AGENT_FROZEN,
      LIBVIRTD_KILLED,
      LIBVIRTD_FROZEN,
      QEMU_KILLED,
      GUEST_SHUTS_DOWN,
      HOST_DIES,
      LINK_BETWEEN_HOSTS_CUT,
      LINK_TO_SERVER_CUT,
      WORDS_TO_SERVER_LOST,
      WORDS_FROM_SERVER_LOST,
      MESSAGES_UNRELIABLE,
      CLOCK_JUMPS,
      DATABASE_AWAY,
      DATABASE_FAILS,
      COMMITS_UNLEARNED,
      DATABASE_SLOW,
      DISK_FULL
    }

    /** Which of a move's hosts. */
    public enum Where {
      SOURCE,
      DESTINATION
    }
  }

  /** The scenario of a seed. */
  public static Scenario of(long seed, RandomGenerator random) {
    List<GuestKind> guests = new ArrayList<>();
    int count = random.nextInt(4) == 0 ? 2 : 1;
    for (int i = 0; i < count; i++) {
      guests.add(GuestKind.values()[random.nextInt(GuestKind.values().length)]);
    }
    return new Scenario(
        seed,
        random.nextInt(3) == 0 ? 2 : 1,
        Optional.of(random.nextInt(3))
            .filter(it -> it > 0)
            .map(it -> it == 1 ? HandOver.STRICT : HandOver.FAST),
        random.nextInt(4) == 0,
        guests,
        wishes(random, count),
        faults(random));
  }

  private static List<Wish> wishes(RandomGenerator random, int guests) {
    List<Wish> wishes = new ArrayList<>();
    for (int guest = 0; guest < guests; guest++) {
      wishes.add(new Wish(Duration.ZERO, Wish.What.MIGRATE, guest));
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

  private static List<Fault> faults(RandomGenerator random) {
    List<Fault> faults = new ArrayList<>();
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      faults.add(
          new Fault(
              when(random),
              Fault.What.values()[random.nextInt(Fault.What.values().length)],
              Fault.Where.values()[random.nextInt(2)],
              lasts(random)));
    }
    return faults;
  }

  private static When when(RandomGenerator random) {
    return switch (random.nextInt(4)) {
      case 0 -> new When.At(within(random, LATEST));
      case 1 -> new When.Event(event(random), 1 + random.nextInt(2), soon(random));
      default -> new When.Entry(1 + random.nextInt(12), soon(random));
    };
  }

  private static String event(RandomGenerator random) {
    List<String> all =
        List.of(
            "STARTED_MIGRATED",
            "SUSPENDED_MIGRATED",
            "DEFINED_ADDED",
            "RESUMED_MIGRATED",
            "SUSPENDED_PAUSED",
            "STOPPED_MIGRATED");
    return all.get(random.nextInt(all.size()));
  }

  private static Duration soon(RandomGenerator random) {
    return Duration.ofNanos(
        switch (random.nextInt(3)) {
          case 0 -> 0;
          case 1 -> random.nextLong(10_000_000);
          default -> random.nextLong(800_000_000);
        });
  }

  /** Mostly short; sometimes longer than libvirt's patience. */
  private static Duration lasts(RandomGenerator random) {
    return Duration.ofMillis(
        random.nextInt(5) == 0 ? random.nextLong(30_000, 45_000) : random.nextLong(50, 6_000));
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
