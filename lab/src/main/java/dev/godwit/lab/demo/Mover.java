package dev.godwit.lab.demo;

import dev.godwit.cli.client.ApiFailure;
import dev.godwit.cli.client.Sample;
import dev.godwit.lab.Lab;
import dev.godwit.lab.Leftovers;
import dev.godwit.lab.Virsh;
import dev.godwit.lab.host.LabFailure;
import dev.godwit.lab.probe.DiskRecords;
import dev.godwit.lab.probe.Neighbour;
import dev.godwit.lab.probe.Watch;
import dev.godwit.lab.probe.WatchReport;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Moves guests while a neighbour watches them, and says what became of each move. */
final class Mover {
  private static final Duration MOVE = Duration.ofMinutes(2);

  /** So that there is a half way: without them a guest of this size is over too soon. */
  private static final int SLOW_MIB_PER_SECOND = 24;

  private static final int DIRTY_MIB = 16;
  private static final int DIRTY_PAGES_PER_SECOND = 1000;

  /** libvirt's own word for no limit. */
  private static final String NO_LIMIT = "8796093022207";

  private final Lab lab;
  private final Migrations migrations;
  private final Neighbour neighbour;
  private final Show show;
  private final Map<String, DiskRecords> records = new HashMap<>();

  Mover(Lab lab, Migrations migrations, Neighbour neighbour, Show show) {
    this.lab = lab;
    this.migrations = migrations;
    this.neighbour = neighbour;
    this.show = show;
  }

  /** A guest and its watcher. */
  record Watched(DemoGuest guest, Watch watch) {}

  /** One move to be made. */
  record Wish(String kind, Watched watched, String from, String to) {
    DemoGuest guest() {
      return watched.guest();
    }
  }

  /** Notes which records a guest has, so that one that goes missing is missed. */
  void remember(DemoGuest guest) {
    records.put(guest.id(), neighbour.records(guest.address()));
  }

  /** A move to its end. */
  MoveReport move(Wish wish) {
    return run(wish, false);
  }

  /** A move that is aborted when half of the guest's memory is over. */
  MoveReport abort(Wish wish) {
    Virsh source = new Virsh(lab.host(wish.from()));
    source.must("migrate-setspeed", wish.guest().id(), Integer.toString(SLOW_MIB_PER_SECOND));
    neighbour.dirty(wish.guest().address(), DIRTY_MIB, DIRTY_PAGES_PER_SECOND);
    MoveReport report = run(wish, true);
    neighbour.dirty(wish.guest().address(), 0, 0);
    source.must("migrate-setspeed", wish.guest().id(), NO_LIMIT);
    return report;
  }

  private MoveReport run(Wish wish, boolean abort) {
    show.begin("  %-8s %s → %s".formatted(wish.kind(), wish.from(), wish.to()));
    String id = wish.guest().id();
    long before = migrations.newest(id);
    WatchReport _ = wish.watched().watch().report();
    Instant asked = Instant.now();
    migrations.ask(id, wish.to());
    MigrationView started = migrations.after(id, before);
    MigrationView ended =
        migrations.follow(
            started, MOVE, abort ? new Aborter(id, started.number()) : new Follower());
    MoveReport report = report(wish, asked, ended);
    show.say(MoveTable.sentence(report));
    return report;
  }

  private MoveReport report(Wish wish, Instant asked, MigrationView ended) {
    DemoGuest guest = wish.guest();
    boolean moved = ended.status().equals("completed");
    List<String> leftovers =
        new Leftovers(lab)
            .on(moved ? wish.from() : wish.to(), new Leftovers.Of(guest.id(), guest.domain()));
    DiskRecords earlier = records.getOrDefault(guest.id(), new DiskRecords(List.of()));
    DiskRecords now = readBack(wish.watched());
    records.put(guest.id(), now);
    WatchReport seen = wish.watched().watch().report();
    if (!seen.counter().unbroken()) {
      show.note("the guest's counter broke: " + seen.counter());
    }
    Times times = Times.of(asked, ended);
    return new MoveReport(
        wish.kind(),
        wish.from(),
        wish.to(),
        ended.status(),
        times.total(),
        times.prepare(),
        times.copy(),
        times.settle(),
        moved ? ended.sample().pause().map(Duration::toMillis).orElse(-1L) : -1,
        seen.gap().toMillis(),
        seen.lost(),
        seen.counter().unbroken(),
        now.lostSince(earlier),
        ended.sample().processedBytes(),
        ended.sample().iteration(),
        leftovers);
  }

  private DiskRecords readBack(Watched watched) {
    try {
      return neighbour.records(watched.guest().address());
    } catch (LabFailure e) {
      throw new LabFailure(
          e.getMessage() + "; " + new Whereabouts(lab).of(watched.guest(), watched.watch()));
    }
  }

  /** Where the time went, in milliseconds. */
  private record Times(long total, long prepare, long copy, long settle) {
    static Times of(Instant asked, MigrationView ended) {
      Instant end = ended.endedAt().orElse(asked);
      Instant copy = ended.transferAt().orElse(end);
      Instant decided = ended.committedAt().or(() -> ended.began("ROLLING_BACK")).orElse(end);
      return new Times(ms(asked, end), ms(asked, copy), ms(copy, decided), ms(decided, end));
    }

    private static long ms(Instant from, Instant to) {
      return Duration.between(from, to).toMillis();
    }
  }

  /** Shows a move. */
  private class Follower implements Migrations.Witness {
    @Override
    public void migration(MigrationView now) {
      show.migration(now);
    }

    @Override
    public void sample(Sample now) {
      show.sample(now);
    }
  }

  /** Half of the guest's memory is over. */
  private static boolean halfWay(Sample now) {
    return now.memoryTotalBytes() > 0
        && (now.iteration() > 1 || now.memoryRemainingBytes() * 2 <= now.memoryTotalBytes());
  }

  /** Shows a move and ends it half way. */
  private final class Aborter extends Follower {
    private final String server;
    private final long number;
    private Optional<Sample> abortedAt = Optional.empty();

    Aborter(String server, long number) {
      this.server = server;
      this.number = number;
    }

    @Override
    public void sample(Sample now) {
      super.sample(now);
      if (abortedAt.isEmpty() && halfWay(now)) {
        abortedAt = Optional.of(now);
        try {
          migrations.abort(server, number);
        } catch (ApiFailure tooLate) {
          show.note("the abort was refused: " + tooLate.getMessage());
        }
      }
    }
  }
}
