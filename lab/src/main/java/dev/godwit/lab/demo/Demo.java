package dev.godwit.lab.demo;

import dev.godwit.cli.client.ApiClient;
import dev.godwit.lab.Lab;
import dev.godwit.lab.host.Addresses;
import dev.godwit.lab.probe.Neighbour;
import dev.godwit.lab.probe.Watch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The show: two guests, watched from outside, there and back, and one move that is called off. */
final class Demo {
  static final String MAKER = "godwit demo";
  private static final Duration PING_EACH = Duration.ofMillis(10);
  private static final Duration BOOT = Duration.ofSeconds(60);
  private static final int MEMORY_MIB = 128;
  private static final int DISK_MIB = 4;

  /** Far from the addresses that people give their own guests. */
  private static final int FIRST_ADDRESS = 101;

  private final Lab lab;
  private final ApiClient api;
  private final Show show;
  private final int hosts;
  private final List<MoveReport> moves = new ArrayList<>();

  Demo(Lab lab, ApiClient api, Show show, int hosts) {
    this.lab = lab;
    this.api = api;
    this.show = show;
    this.hosts = hosts;
  }

  /** What was moved so far. */
  List<MoveReport> moves() {
    return List.copyOf(moves);
  }

  /** True when every move ended as wanted, lost nothing and left nothing. */
  boolean well() {
    return moves.size() == 2 * hosts + 1
        && moves.stream()
            .allMatch(move -> move.well(move.kind().equals("aborted") ? "cancelled" : "completed"));
  }

  void run() {
    DemoGuests guests = new DemoGuests(api, MAKER);
    show.say(
        "Booting two guests on h1: one with its disk in the shared directory, one in h1's own…");
    DemoGuest shared = guests.create(wish("demo-shared", "shared", FIRST_ADDRESS));
    DemoGuest local = guests.create(wish("demo-local", "local", FIRST_ADDRESS + 1));
    guests.awaitActive(shared);
    guests.awaitActive(local);
    Neighbour neighbour = lab.neighbour();
    try (Watch sharedWatch = neighbour.watch(shared.address(), PING_EACH);
        Watch localWatch = neighbour.watch(local.address(), PING_EACH)) {
      sharedWatch.awaitReady(BOOT);
      localWatch.awaitReady(BOOT);
      show.say("Both answer; a neighbour pings them 100 times a second and holds their counters.");
      Mover mover = new Mover(lab, new Migrations(api), neighbour, show);
      mover.remember(shared);
      mover.remember(local);
      round(mover, "shared", new Mover.Watched(shared, sharedWatch));
      round(mover, "copied", new Mover.Watched(local, localWatch));
      moves.add(
          mover.abort(new Mover.Wish("aborted", new Mover.Watched(local, localWatch), "h1", "h2")));
    }
  }

  private static DemoGuests.Wish wish(String name, String directory, int number) {
    return new DemoGuests.Wish(
        name, "h1", MEMORY_MIB, DISK_MIB, Optional.of(directory), Addresses.guest(number));
  }

  /** From the first host to the next, and so on, and back to the first. */
  private void round(Mover mover, String kind, Mover.Watched watched) {
    for (int at = 1; at <= hosts; at++) {
      moves.add(mover.move(new Mover.Wish(kind, watched, "h" + at, "h" + (at % hosts + 1))));
    }
  }
}
