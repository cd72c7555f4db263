package dev.godwit.simulation.world;

import dev.godwit.core.model.HandOver;
import dev.godwit.simulation.world.Coverage.Met;
import dev.godwit.simulation.world.Fault.Side;
import dev.godwit.simulation.world.Fault.What;
import dev.godwit.simulation.world.Fault.Where;
import dev.godwit.simulation.world.Scenario.GuestKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** One fault on one side at the beginning of one stage, all of them by turns. */
final class Aimed {
  private static final Duration EARLY = Duration.ofMillis(1_500);
  private static final long SHORTEST_MS = 2_500;
  private static final long LONGEST_MS = 6_000;

  /** Of two the one is struck, perhaps, that has nothing to do with the move. */
  private static final int ONE_OF_SO_MANY_HAS_TWO_SERVERS = 4;

  private static final Duration LONGER_THAN_LIBVIRTS_PATIENCE = Duration.ofSeconds(45);
  private static final List<Met> AIMS =
      Stream.of(Stage.values())
          .flatMap(stage -> Stream.of(What.values()).flatMap(what -> Coverage.pairs(stage, what)))
          .filter(it -> Impossible.why(it).isEmpty())
          .toList();

  private final Met aim;
  private final RandomGenerator random;

  private Aimed(Met aim, RandomGenerator random) {
    this.aim = aim;
    this.random = random;
  }

  /** False where luck decides who is hit: whose clock it is, or whether a lock daemon is there. */
  static boolean choosesSides(What fault) {
    return fault != What.CLOCK_JUMPS && fault != What.LOCK_DAEMON_KILLED;
  }

  static Scenario of(long number, long seed, RandomGenerator random) {
    return new Aimed(AIMS.get((int) (number % AIMS.size())), random).scenario(seed);
  }

  private Scenario scenario(long seed) {
    boolean postCopy = aim.stage() == Stage.POST_COPY;
    boolean fast = postCopy || runsThere() || splits() || random.nextBoolean();
    return new Scenario(
        seed,
        random.nextInt(ONE_OF_SO_MANY_HAS_TWO_SERVERS) == 0 ? 2 : 1,
        Optional.of(fast ? HandOver.FAST : HandOver.STRICT),
        postCopy,
        List.of(guest()),
        wishes(),
        Stream.concat(split(), Stream.of(fault())).toList());
  }

  private Fault fault() {
    return new Fault(
        new When.Line(line(), 1, Duration.ZERO),
        aim.fault(),
        where(),
        Duration.ofMillis(random.nextLong(SHORTEST_MS, LONGEST_MS)));
  }

  private Where where() {
    return switch (aim.side()) {
      case SOURCE -> Where.SOURCE;
      case DESTINATION -> Where.DESTINATION;
      case SERVER, BETWEEN -> Where.values()[random.nextInt(2)];
    };
  }

  private boolean at(Stage stage, Side side) {
    return aim.stage() == stage && aim.side() == side;
  }

  /** Of a guest that has to run there, as after a fast hand-over. */
  private boolean runsThere() {
    return aim.side() == Side.DESTINATION && aim.fault() == What.GUEST_SHUTS_DOWN;
  }

  /** Of a copy that is there only when libvirt has made two of the guest. */
  private boolean splits() {
    boolean ends = aim.fault() == What.GUEST_SHUTS_DOWN;
    return (at(Stage.SETTLING, Side.SOURCE) && ends)
        || (at(Stage.ROLLING_BACK, Side.DESTINATION) && (ends || aim.fault() == What.QEMU_KILLED));
  }

  /**
   * What makes libvirt do that: the source does not hear that the guest runs there, and resumes it.
   * A destination's daemon that is gone when the guest should be seen there is in the way of a
   * commit; a link that is silent is not, and a source without its agent is not fenced before.
   */
  private Stream<Fault> split() {
    When there = new When.Line("event RESUMED_MIGRATED", 1, Duration.ZERO);
    Duration lasts = LONGER_THAN_LIBVIRTS_PATIENCE;
    if (!splits()) {
      return Stream.of();
    }
    return aim.side() == Side.DESTINATION
        ? Stream.of(new Fault(there, What.LIBVIRTD_KILLED, Where.DESTINATION, EARLY))
        : Stream.of(
            new Fault(there, What.LINK_BETWEEN_HOSTS_CUT, Where.SOURCE, lasts),
            new Fault(there, What.AGENT_KILLED, Where.SOURCE, lasts));
  }

  /** One that is still being copied when somebody aborts, or wants the post-copy. */
  private GuestKind guest() {
    if (splits()) {
      // No lock forbids it.
      return GuestKind.NO_DISK;
    }
    return aim.stage() == Stage.ROLLING_BACK || aim.stage() == Stage.POST_COPY
        ? GuestKind.BUSY_COPIED_DISK
        : GuestKind.values()[random.nextInt(GuestKind.values().length)];
  }

  private List<Wish> wishes() {
    List<Wish> wishes = new ArrayList<>(List.of(new Wish(Duration.ZERO, Wish.What.MIGRATE, 0)));
    if (splits()) {
      return wishes;
    }
    Duration early = Duration.ofNanos(random.nextLong(EARLY.toNanos()));
    switch (aim.stage()) {
      case ROLLING_BACK -> wishes.add(new Wish(early, Wish.What.ABORT, 0));
      case POST_COPY -> wishes.add(new Wish(early, Wish.What.FORCE_COMPLETE, 0));
      case PLANNING, PREPARING, TRANSFERRING, SETTLING -> {}
    }
    return wishes;
  }

  private String line() {
    boolean there = aim.side() == Side.DESTINATION;
    return switch (aim.stage()) {
      // Until then nobody knows which host that is.
      case PLANNING -> there ? "to PLANNED" : "answered 202";
      case PREPARING -> "to PREPARING";
      case TRANSFERRING -> there ? arrival() : "to TRANSFERRING";
      case POST_COPY -> "event RESUMED_POSTCOPY";
      case SETTLING -> splits() ? "to SETTLING SOURCE_SUSPENDED" : "to SETTLING";
      case ROLLING_BACK -> "to ROLLING_BACK";
    };
  }

  /** The guest has no process there when the copy is ordered. */
  private String arrival() {
    if (runsThere()) {
      return "event RESUMED_MIGRATED";
    }
    return aim.fault() == What.QEMU_KILLED ? "event STARTED_MIGRATED" : "to TRANSFERRING";
  }
}
