package dev.godwit.lab.torture;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How long moves take that nobody strikes, from each of their moments to their end.
 *
 * <p>Time to recovery is how much later a migration is over than both the restart of what was
 * struck (its cut mended, its stop continued) and the moment at which it would have been over
 * untouched. So what the copy itself still needs at the restart is not counted, and neither is the
 * time before the restart. A move that ends another way than an untouched one, because of the
 * strike, has no copy to wait for: there it counts from the restart alone.
 */
final class Untouched {
  private static final String BEGIN = "TRANSFER";
  private static final String COMMIT = "COMMIT";

  private final Map<String, List<Run>> runs = new HashMap<>();

  /**
   * One move.
   *
   * @param turned when something made it take its way; empty for a move that nothing is done to
   */
  record Run(List<Journal.Entry> entries, Optional<Instant> turned) {
    private Optional<Instant> at(Moment.Entry moment) {
      return entries.stream().filter(moment::is).findFirst().map(Journal.Entry::at);
    }

    private Optional<Duration> between(Optional<Instant> from, Optional<Instant> to) {
      return from.flatMap(begin -> to.map(end -> Duration.between(begin, end)));
    }

    private Optional<Instant> end() {
      return entries.isEmpty() ? Optional.empty() : Optional.of(entries.getLast().at());
    }

    /** From the moment to the end. */
    Optional<Duration> rest(Moment moment) {
      return switch (moment) {
        case Moment.Entry entry -> between(at(entry), end());
        case Moment.Turned() -> between(turned, end());
        case Moment.Incoming _ -> between(at(new Moment.Entry(BEGIN)), end());
        case Moment.Resumed() -> between(at(new Moment.Entry(COMMIT)), end());
        case Moment.Copying copying -> copyRest(copying.rest());
      };
    }

    private Optional<Duration> copyRest(double rest) {
      Optional<Instant> commit = at(new Moment.Entry(COMMIT));
      return between(at(new Moment.Entry(BEGIN)), commit)
          .map(copy -> Duration.ofMillis(Math.round(copy.toMillis() * rest)))
          .flatMap(copy -> between(commit, end()).map(copy::plus));
    }
  }

  void add(Case it, Run run) {
    runs.computeIfAbsent(key(it), _ -> new ArrayList<>()).add(run);
  }

  private static String key(Case it) {
    return it.storage().word() + it.way().word();
  }

  /** The median of what such a move needs from there to its end; zero where that is unknown. */
  Duration rest(Case it) {
    return rest(it, it.moment());
  }

  private Duration rest(Case it, Moment moment) {
    List<Duration> rests =
        runs.getOrDefault(key(it), List.of()).stream()
            .flatMap(run -> run.rest(moment).stream())
            .sorted()
            .toList();
    return rests.isEmpty() ? Duration.ZERO : rests.get(rests.size() / 2);
  }

  /** Time to recovery. */
  Duration recovery(Case it, Blow blow, End end) {
    Instant due = end.asUntouched() ? blow.struck().plus(rest(it)) : blow.struck();
    return between(due.isAfter(blow.undone()) ? due : blow.undone(), end.over());
  }

  /**
   * How much later a move was over than what its copy still needed when what was struck was ready
   * again: neither the time in which that was away counts, nor its start, nor the copy, which is
   * made anew where libvirt gave the first one up.
   */
  Duration late(Case it, Blow blow, End end) {
    Duration needed =
        end.copyBegan()
            .filter(began -> began.isAfter(blow.struck()) && began.isBefore(end.over()))
            .map(began -> copyLeft(it, began, blow.ready()))
            .orElseGet(() ->
                end.asUntouched()
                    ? between(blow.ready(), blow.struck().plus(rest(it)))
                    : Duration.ZERO);
    Duration took = between(blow.ready(), end.over());
    return took.compareTo(needed) > 0 ? took.minus(needed) : Duration.ZERO;
  }

  /** What a copy that was begun then needs after that; until it is begun it needs nothing. */
  private Duration copyLeft(Case it, Instant began, Instant ready) {
    Instant over = began.plus(rest(it, new Moment.Entry(BEGIN)));
    return between(began.isAfter(ready) ? began : ready, over);
  }

  private static Duration between(Instant from, Instant to) {
    return to.isAfter(from) ? Duration.between(from, to) : Duration.ZERO;
  }

  /**
   * How a struck move ended.
   *
   * @param asUntouched the way in which it does untouched
   * @param copyBegan when libvirt last began to make the guest at the destination
   */
  record End(Instant over, boolean asUntouched, Optional<Instant> copyBegan) {}

  /**
   * A strike.
   *
   * @param struck when it fell
   * @param undone when its undoing was begun: the order to start again what was killed, for example
   * @param ready when what was started again was ready; the machine's part of a recovery
   */
  record Blow(Instant struck, Instant undone, Instant ready) {
    Duration start() {
      return Duration.between(undone, ready);
    }
  }
}
