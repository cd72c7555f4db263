package dev.godwit.simulation.world;

import dev.godwit.core.migration.PhaseName;
import dev.godwit.core.migration.Rules;
import dev.godwit.simulation.net.SimulatedServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/** One history: a world, what is wished for in it, what befalls it, and how it ends. */
public final class History implements AutoCloseable {
  private static final Duration SETUP = Duration.ofSeconds(30);
  private static final Duration QUIET = Duration.ofSeconds(3);

  /**
   * What alarms that long, with everything mended, waits for somebody: libvirt's patience and more.
   */
  private static final Duration STUCK = Duration.ofSeconds(90);

  private static final Duration SWEPT = Duration.ofMinutes(4);
  private static final int MOST_CALLS = 3;
  private static final Duration LOOK = Duration.ofMillis(250);

  /** After the last mending: longer than libvirt's patience, and a little. */
  private static final Duration LONGEST = Duration.ofSeconds(400);

  private final Scenario scenario;
  private final World world;
  private final Ledger ledger;
  private final Promises promises;
  private final Watch watch;
  private final Misfortunes misfortunes;
  private final Operator operator;
  private final Documented documented;
  private final Owner owner;
  private Duration wished = Duration.ZERO;
  private Duration over = Duration.ZERO;

  /**
   * How it ended.
   *
   * @param broken promises that were broken; none in a history that ended well
   * @param struck faults that a move felt, and in which stage
   * @param times when what happened
   * @param phases in which the moves stand at the end, in their order
   * @param held a move waited for an operator, as documented, and went on when they had helped
   */
  public record Outcome(
      Scenario scenario,
      List<Broken> broken,
      List<String> story,
      List<Coverage.Met> struck,
      Times times,
      List<PhaseName> phases,
      boolean held,
      long steps) {
    private static final int BRIEF_LINES = 30;

    public boolean wrong() {
      return !broken.isEmpty();
    }

    /** True when the first promise that broke is of the same kind as the other's first one. */
    boolean endsLike(Outcome other) {
      return wrong() && other.wrong() && broken.getFirst().sameAs(other.broken.getFirst());
    }

    /** The story in few lines, without what libvirt said beside. */
    public List<String> brief() {
      return Story.shortened(
          story.stream().filter(line -> !line.contains(": event ")).toList(), BRIEF_LINES);
    }
  }

  /**
   * When, by the clock of the world.
   *
   * @param wished for the first move
   * @param mended for the last time; a process that was killed begins then
   * @param over no move is under way any more
   */
  public record Times(Duration wished, Duration mended, Duration over) {}

  private History(Scenario scenario, Rules rules) {
    this.scenario = scenario;
    this.world = new World(scenario, rules);
    this.ledger = new Ledger(world.database());
    this.promises = new Promises(world, ledger);
    this.watch = new Watch(world, ledger, promises);
    this.misfortunes = new Misfortunes(world, ledger);
    this.operator = new Operator(world);
    this.documented = new Documented(world.truth());
    this.owner = new Owner(world, ledger);
  }

  /** Lives it. */
  public static Outcome of(Scenario scenario) {
    return of(scenario, Rules.PRODUCTION);
  }

  /** Lives it by rules that may be broken. */
  public static Outcome of(Scenario scenario, Rules rules) {
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    try (History history = new History(scenario, rules)) {
      Thread.setDefaultUncaughtExceptionHandler(history.world.truth()::died);
      return history.live();
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }

  private Outcome live() {
    List<Broken> broken = new ArrayList<>();
    boolean held = false;
    if (!settled()) {
      broken.add(new Broken(Broken.When.AT_THE_BEGINNING, "the world did not begin"));
    } else {
      wished = world.timeline().now();
      misfortunes.arm(scenario.faults());
      scenario
          .wishes()
          .forEach(wish -> world.timeline().after(wish.at(), () -> owner.wishes(wish)));
      boolean ended = ends();
      for (int calls = 0; !ended && calls < MOST_CALLS && held() && helped(); calls++) {
        held = true;
        ended = ends();
      }
      if (!ended) {
        broken.add(
            new Broken(
                Broken.When.NEVER_ENDING,
                held
                    ? "what the operator did as they were told did not end it"
                    : "a history that does not end"));
      } else {
        // What a plan left is swept after some minutes.
        until(SWEPT, () -> promises.broken(owner.guests()).isEmpty());
        broken.addAll(broken(Broken.When.AT_REST, promises.broken(owner.guests())));
      }
    }
    // What broke on the way is why it did not end.
    broken.addAll(0, broken(Broken.When.MEANWHILE, world.database().misunderstood()));
    broken.addAll(0, broken(Broken.When.MEANWHILE, world.truth().broken()));
    tellTheEnd();
    return new Outcome(
        scenario,
        List.copyOf(broken),
        world.story().lines(),
        misfortunes.struck(),
        new Times(wished, misfortunes.lastMended(), over),
        ledger.moves().stream().map(move -> PhaseName.valueOf(move.phase())).toList(),
        held,
        world.timeline().steps());
  }

  private static List<Broken> broken(Broken.When when, List<String> how) {
    return how.stream().map(it -> new Broken(when, it)).toList();
  }

  private void tellTheEnd() {
    for (UUID guest : owner.guests()) {
      ledger.instances().stream()
          .filter(it -> it.id().equals(guest))
          .forEach(it -> world.story().tell("the record: " + it));
      world
          .nodes()
          .forEach(node -> world.story().tell(node.name() + ": " + node.libvirt().describe(guest)));
    }
    ledger.moves().forEach(move -> world.story().tell("the record: " + move));
  }

  /** Steps until that is so, or the time is over. */
  private boolean until(Duration longest, BooleanSupplier so) {
    long end = world.timeline().nanos() + longest.toNanos();
    long look = 0;
    while (world.timeline().nanos() < end) {
      if (!world.timeline().step()) {
        return so.getAsBoolean();
      }
      ledgerNews();
      watch.look();
      misfortunes.look();
      if (world.timeline().nanos() >= look) {
        look = world.timeline().nanos() + LOOK.toNanos();
        watch.splits(misfortunes.mended());
        if (so.getAsBoolean()) {
          return true;
        }
      }
      if (!world.truth().broken().isEmpty()) {
        return false;
      }
    }
    return false;
  }

  private void ledgerNews() {
    List<String> news = ledger.news();
    news.forEach(world.story()::tell);
    if (!news.isEmpty() && ledger.open().isEmpty()) {
      over = world.timeline().now();
    }
  }

  private boolean settled() {
    boolean up =
        until(
            SETUP,
            () ->
                world.servers().stream().allMatch(SimulatedServer::serves)
                    && ledger.hosts() == world.nodes().size());
    if (!up) {
      return false;
    }
    scenario.guests().forEach(owner::asksFor);
    return until(
        SETUP,
        () ->
            owner.guests().size() == scenario.guests().size()
                && ledger.instances().stream()
                    .allMatch(
                        it -> it.vmState().equals("ACTIVE") && it.taskState().equals("NONE")));
  }

  /** True when all is mended and rests. */
  private boolean ends() {
    Duration lastWish =
        scenario.wishes().stream().map(Wish::at).max(Duration::compareTo).orElse(Duration.ZERO);
    long begin = world.timeline().nanos() + lastWish.toNanos();
    BooleanSupplier rests =
        () ->
            world.timeline().nanos() > begin
                && misfortunes.mended()
                && !world.network().keepsBack()
                && ledger.rests()
                && owner.guests().stream()
                    .noneMatch(guest ->
                        world.nodes().stream().anyMatch(node -> node.libvirt().moves(guest)));
    Wait wait = new Wait();
    while (until(LONGEST, () -> rests.getAsBoolean() || wait.lasts()) && rests.getAsBoolean()) {
      boolean restless = until(QUIET, () -> !rests.getAsBoolean());
      if (!restless && world.truth().broken().isEmpty()) {
        return true;
      }
      if (!world.truth().broken().isEmpty()) {
        return false;
      }
    }
    return false;
  }

  /** For how long nothing but an operator has been wanted. */
  private final class Wait {
    private OptionalLong sinceNanos = OptionalLong.empty();

    boolean lasts() {
      long now = world.timeline().nanos();
      if (!misfortunes.mended() || ledger.open().isEmpty() || !held()) {
        sinceNanos = OptionalLong.empty();
        return false;
      }
      if (sinceNanos.isEmpty()) {
        sinceNanos = OptionalLong.of(now);
      }
      return now - sinceNanos.getAsLong() >= STUCK.toNanos();
    }
  }

  /** True when somebody was told what to do, and did it. */
  private boolean helped() {
    return ledger.moves().stream()
        .filter(move -> !move.rests() && move.waiting().alarm())
        .map(operator::helps)
        .reduce(false, Boolean::logicalOr);
  }

  /** Nothing goes on but what waits for an operator, as documented. */
  private boolean held() {
    List<Ledger.Move> open = ledger.open();
    return open.stream().filter(move -> !waitsBehind(move, open)).allMatch(documented::holds);
  }

  /** A move is not planned before an earlier one of its guest is settled. */
  private static boolean waitsBehind(Ledger.Move move, List<Ledger.Move> open) {
    return move.phase().equals(PhaseName.ACCEPTED.name())
        && open.stream()
            .anyMatch(it -> it.instance().equals(move.instance()) && it.number() < move.number());
  }

  @Override
  public void close() {
    world.close();
  }
}
