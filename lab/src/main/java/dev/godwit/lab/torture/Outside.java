package dev.godwit.lab.torture;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.cli.client.ApiFailure;
import dev.godwit.lab.LabStatus;
import dev.godwit.lab.Leftovers;
import dev.godwit.lab.Virsh;
import dev.godwit.lab.host.LabFailure;
import dev.godwit.lab.probe.DiskRecords;
import dev.godwit.lab.probe.WatchReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at a guest and at both hosts without Godwit's word: libvirt's client, the processes of the
 * machine, its files and sockets, the guest itself. The record is only compared with that.
 */
final class Outside {
  private final Ground ground;
  private final Leftovers leftovers;

  Outside(Ground ground) {
    this.ground = ground;
    this.leftovers = new Leftovers(ground.lab());
  }

  /**
   * What was true before a case.
   *
   * @param uptimeNs the guest's own clock
   * @param belongings names of its files on the host where it runs
   * @param autostart it starts with that host
   */
  record Before(
      String home, long uptimeNs, DiskRecords records, Set<String> belongings, boolean autostart) {}

  Before before(TortureGuest guest, String home) {
    WatchReport _ = guest.report();
    return new Before(
        home,
        uptime(guest),
        records(guest),
        leftovers.belongings(home, guest.domain()),
        startsWith(guest).contains(home));
  }

  private long uptime(TortureGuest guest) {
    return ground
        .lab()
        .neighbour()
        .ask(guest.guest().address(), "stat")
        .path("uptime_ns")
        .longValue();
  }

  /** What it reads back from its disks. */
  DiskRecords records(TortureGuest guest) {
    return ground.lab().neighbour().records(guest.guest().address());
  }

  /** Hosts on which it runs; by libvirt where that knows it, else by a QEMU that is there. */
  List<String> runsOn(TortureGuest guest) {
    return Ground.HOSTS.stream()
        .filter(host -> ground.runs(host, guest) || !strayQemus(host, guest).isEmpty())
        .toList();
  }

  private List<Long> strayQemus(String host, TortureGuest guest) {
    Virsh virsh = new Virsh(ground.lab().host(host));
    boolean known = virsh.guests().stream().anyMatch(it -> it.uuid().equals(guest.id()));
    return known ? List.of() : virsh.qemuPid(guest.id()).stream().toList();
  }

  /** What libvirt and the machine know of it on a host, in words. */
  String on(String host, TortureGuest guest) {
    Virsh virsh = new Virsh(ground.lab().host(host));
    List<String> words = new ArrayList<>();
    virsh.guests().stream()
        .filter(it -> it.uuid().equals(guest.id()))
        .map(LabStatus.Guest::state)
        .forEach(words::add);
    if (words.isEmpty()) {
      words.add("no domain");
    }
    virsh.qemuPid(guest.id()).ifPresent(pid -> words.add("QEMU " + pid));
    return host + ": " + String.join(", ", words);
  }

  /** What is not as it must be, on the hosts and in the record; empty when all is well. */
  List<String> wrong(TortureGuest guest, Before before) {
    List<String> running = runsOn(guest);
    if (running.size() != 1) {
      return List.of(
          running.isEmpty()
              ? "it runs nowhere: " + on("h1", guest) + "; " + on("h2", guest)
              : "it runs on " + String.join(" and ", running));
    }
    String home = running.getFirst();
    List<String> wrong = new ArrayList<>(record(guest, home));
    String elsewhere = Ground.other(home);
    leftovers.on(elsewhere, guest.domain()).forEach(it -> wrong.add(elsewhere + " has " + it));
    leftovers.atHome(home, guest.domain()).forEach(it -> wrong.add(home + " has " + it));
    Set<String> now = leftovers.belongings(home, guest.domain());
    if (!now.equals(before.belongings())) {
      wrong.add("its files were %s and are %s".formatted(before.belongings(), now));
    }
    wrongAutostart(before.autostart(), home, startsWith(guest)).ifPresent(wrong::add);
    try (Journal journal = new Journal(ground.database())) {
      journal.claims().forEach(it -> wrong.add("the database has a " + it));
    }
    return wrong;
  }

  /** Hosts with which it starts, by libvirt. */
  private List<String> startsWith(TortureGuest guest) {
    return Ground.HOSTS.stream()
        .filter(host -> new Virsh(ground.lab().host(host)).startingWithHost().contains(guest.id()))
        .toList();
  }

  /** A guest starts with its home if it did before with the one it had, and with no other host. */
  static Optional<String> wrongAutostart(boolean before, String home, List<String> hosts) {
    List<String> expected = before ? List.of(home) : List.of();
    return hosts.equals(expected)
        ? Optional.empty()
        : Optional.of("it starts with %s, expected %s".formatted(hosts, expected));
  }

  private List<String> record(TortureGuest guest, String home) {
    List<String> wrong = new ArrayList<>();
    try {
      JsonNode server = ground.api().get("/v2.1/servers/" + guest.id()).path("server");
      expect(wrong, "host", home, server.path("OS-EXT-SRV-ATTR:host"));
      expect(wrong, "vm_state", "active", server.path("OS-EXT-STS:vm_state"));
      expect(wrong, "task_state", "null", server.path("OS-EXT-STS:task_state"));
      expect(wrong, "power_state", "1", server.path("OS-EXT-STS:power_state"));
      if (server.hasNonNull("fault")) {
        wrong.add("the record has a fault: " + server.path("fault"));
      }
    } catch (ApiFailure e) {
      wrong.add("the record: " + e.getMessage());
    }
    return wrong;
  }

  private static void expect(List<String> wrong, String what, String expected, JsonNode found) {
    if (!found.asText().equals(expected)) {
      wrong.add("the record's %s: expected %s, found %s".formatted(what, expected, found));
    }
  }

  /** What the guest itself shows that it lost; asked once, when all else is as it must be. */
  List<String> lost(TortureGuest guest, Before before) {
    List<String> lost = new ArrayList<>();
    try {
      if (uptime(guest) <= before.uptimeNs()) {
        lost.add("the guest was started anew");
      }
      long records = records(guest).lostSince(before.records());
      if (records > 0) {
        lost.add(records + " records are missing on its disk");
      }
      WatchReport seen = guest.report();
      if (!seen.counter().unbroken()) {
        lost.add("its counter broke: " + seen.counter());
      }
    } catch (LabFailure e) {
      lost.add(String.valueOf(e.getMessage()));
    }
    return lost;
  }
}
