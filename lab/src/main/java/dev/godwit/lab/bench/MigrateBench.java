package dev.godwit.lab.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.cli.client.ApiClient;
import dev.godwit.cli.client.Sample;
import dev.godwit.lab.Lab;
import dev.godwit.lab.LibvirtEvents;
import dev.godwit.lab.Virsh;
import dev.godwit.lab.demo.DemoGuest;
import dev.godwit.lab.demo.DemoGuests;
import dev.godwit.lab.demo.MigrationView;
import dev.godwit.lab.demo.Migrations;
import dev.godwit.lab.host.Addresses;
import dev.godwit.lab.host.Argv;
import dev.godwit.lab.host.Await;
import dev.godwit.lab.host.LabFailure;
import dev.godwit.lab.host.LabHost;
import dev.godwit.lab.probe.Neighbour;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The same idle guest without a disk, between the same two hosts: by virsh, and through Godwit, in
 * turn. Two twins, for after a bare move Godwit's record of its guest would be wrong.
 */
final class MigrateBench implements AutoCloseable {
  static final String MAKER = "godwit bench";
  private static final Duration MOVE = Duration.ofMinutes(2);
  private static final Duration BOOT = Duration.ofMinutes(1);

  /** What a move leaves for later (a cold emulator, memory to free) is not the next one's. */
  private static final Duration REST = Duration.ofSeconds(3);

  private static final int WARM_PLANS = 50;
  private static final String RESUMED = "Resumed Migrated";
  private static final int ADDRESS = 111;

  private final Lab lab;
  private final ApiClient api;
  private final boolean tls;
  private final DemoGuest guest;
  private final BareGuest bare;
  private final List<LibvirtEvents> witnesses = new ArrayList<>();
  private final List<JobEnd> jobs = new ArrayList<>();

  MigrateBench(Lab lab, ApiClient api, int memoryMib) {
    this.lab = lab;
    this.api = api;
    this.tls = lab.runsWithTls();
    String address = Addresses.guest(ADDRESS);
    DemoGuests guests = new DemoGuests(api, MAKER);
    guest =
        guests.create(
            new DemoGuests.Wish("bench-godwit", "h1", memoryMib, 0, Optional.empty(), address));
    guests.awaitActive(guest);
    bare = BareGuest.named("bench-virsh", Addresses.guest(ADDRESS + 1));
    try {
      var _ = BareGuest.beside(lab, "h1", guest.domain(), bare, address);
      awaitBoot(address);
      awaitBoot(bare.address());
      for (String host : List.of("h1", "h2")) {
        witnesses.add(new LibvirtEvents(lab.host(host)));
        jobs.add(new JobEnd(lab.host(host)));
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void awaitBoot(String address) {
    Neighbour neighbour = lab.neighbour();
    Await.until(
        "the guest at " + address + " to answer",
        BOOT,
        Duration.ofMillis(200),
        () -> {
          try {
            return neighbour.ask(address, "stat").has("uptime_ns");
          } catch (LabFailure notYet) {
            return false;
          }
        });
  }

  /** Pairs of moves, there and back; the first there and back is to get warm and is not kept. */
  List<Pair> run(int runs, Consumer<Pair> told) {
    List<Pair> pairs = new ArrayList<>();
    for (int i = -2; i < runs; i++) {
      if (i < 0) {
        warm();
      }
      boolean there = i % 2 == 0;
      boolean virshFirst = Math.floorMod(i, 4) < 2;
      Pair pair = there ? pair(1, 2, virshFirst) : pair(2, 1, virshFirst);
      if (i >= 0) {
        pairs.add(pair);
        told.accept(pair);
      }
    }
    return pairs;
  }

  /** Server and agents that have been up for a while: everything but the move, often. */
  private void warm() {
    ObjectNode plan = api.object().put("instance", guest.id());
    for (int i = 0; i < WARM_PLANS; i++) {
      var _ = api.post("/godwit/v1/plans", plan);
    }
  }

  private Pair pair(int from, int to, boolean virshFirst) {
    Bare byVirsh;
    Whole byGodwit;
    if (virshFirst) {
      byVirsh = virsh(from, to);
      byGodwit = godwit(from, to);
    } else {
      byGodwit = godwit(from, to);
      byVirsh = virsh(from, to);
    }
    return new Pair(
        "h" + from,
        "h" + to,
        virshFirst ? "virsh" : "godwit",
        byVirsh.running,
        byVirsh.jobOver,
        byVirsh.returned,
        byVirsh.pause,
        byGodwit.posted,
        byGodwit.transfer,
        byGodwit.running,
        byGodwit.commit,
        byGodwit.completed,
        byGodwit.pause);
  }

  private record Bare(double running, double jobOver, double returned, double pause) {}

  private Bare virsh(int from, int to) {
    LabHost destination = lab.host("h" + to);
    String uri = (tls ? "qemu+tls://" : "qemu+tcp://") + destination.address() + "/system";
    List<String> words =
        new ArrayList<>(List.of("migrate", "--live", "--p2p", "--persistent", "--undefinesource"));
    if (tls) {
      words.add("--tls");
    }
    words.addAll(List.of(bare.uuid(), uri));
    Await.rest("the machine to be quiet", REST);
    Instant began = Instant.now();
    CompletableFuture<Instant> jobOver =
        CompletableFuture.supplyAsync(
            () -> {
              var _ = witnesses.get(to - 1).first(bare.name(), RESUMED, began, MOVE);
              return jobs.get(to - 1).await(bare.name());
            },
            Thread::startVirtualThread);
    Argv.Result result = new Virsh(lab.host("h" + from)).run(MOVE, words.toArray(String[]::new));
    Instant returned = Instant.now();
    if (!result.ok()) {
      throw new LabFailure("virsh migrate: " + result.err().strip());
    }
    Instant running = resumed(to, bare.name(), began);
    return new Bare(
        ms(began, running),
        ms(began, jobOver.join()),
        ms(began, returned),
        ms(suspended(from, bare.name(), began), running));
  }

  private record Whole(
      double posted,
      double transfer,
      double running,
      double commit,
      double completed,
      double pause) {}

  private Whole godwit(int from, int to) {
    Migrations migrations = new Migrations(api);
    long before = migrations.newest(guest.id());
    Await.rest("the machine to be quiet", REST);
    Instant began = Instant.now();
    migrations.ask(guest.id(), "h" + to);
    Instant posted = Instant.now();
    MigrationView started = migrations.after(guest.id(), before);
    Instant[] completed = new Instant[1];
    MigrationView ended =
        migrations.follow(
            started,
            MOVE,
            new Migrations.Witness() {
              @Override
              public void migration(MigrationView now) {
                if (now.ended()) {
                  completed[0] = Instant.now();
                }
              }

              @Override
              public void sample(Sample now) {}
            });
    if (!ended.status().equals("completed") || completed[0] == null) {
      throw new LabFailure(
          "migration %d is %s: %s"
              .formatted(ended.number(), ended.status(), ended.why().orElse("no reason given")));
    }
    Instant running = resumed(to, guest.domain(), began);
    return new Whole(
        ms(began, posted),
        ms(began, ended.transferAt().orElseThrow()),
        ms(began, running),
        ms(began, ended.committedAt().orElseThrow()),
        ms(began, completed[0]),
        ms(suspended(from, guest.domain(), began), running));
  }

  private Instant resumed(int host, String domain, Instant since) {
    return witnesses.get(host - 1).first(domain, RESUMED, since);
  }

  private Instant suspended(int host, String domain, Instant since) {
    return witnesses.get(host - 1).first(domain, "Suspended Migrated", since);
  }

  private static double ms(Instant from, Instant to) {
    return Math.round(Duration.between(from, to).toNanos() / 1e5) / 10.0;
  }

  @Override
  public void close() {
    witnesses.forEach(LibvirtEvents::close);
    jobs.forEach(JobEnd::close);
    bare.remove(lab);
  }
}
