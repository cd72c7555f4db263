package dev.godwit.simulation.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What must hold when everything is mended and rests. */
final class Promises {
  private final World world;
  private final Ledger ledger;

  Promises(World world, Ledger ledger) {
    this.world = world;
    this.ledger = ledger;
  }

  /** Those that are broken. */
  List<String> broken(List<UUID> guests) {
    List<String> broken = new ArrayList<>();
    for (UUID guest : guests) {
      Optional<Ledger.Instance> row =
          ledger.instances().stream().filter(it -> it.id().equals(guest)).findFirst();
      if (row.isEmpty()) {
        broken.add("a guest has no record");
      } else {
        guest(row.get(), broken);
      }
    }
    if (!ledger.claims().isEmpty()) {
      broken.add("room is claimed that no move needs");
    }
    return broken;
  }

  private static void defines(Node home, Ledger.Instance row, List<String> broken) {
    if (!home.libvirt().defines(row.id())) {
      broken.add("its home " + home.name() + " does not define it");
    }
  }

  private void runsOnce(Ledger.Instance row, List<String> broken) {
    if (world.truth().running(row.id()).size() > 1) {
      broken.add("it runs on " + world.truth().running(row.id()));
    }
  }

  private static void traces(Node node, Ledger.Instance row, List<String> broken) {
    node.traces()
        .open(row.id())
        .forEach(it -> broken.add("left on %s: %s".formatted(node.name(), it)));
  }

  private void guest(Ledger.Instance row, List<String> broken) {
    runsOnce(row, broken);
    if (!row.taskState().equals("NONE")) {
      broken.add("a task does not end: " + row.taskState());
    }
    world.nodes().forEach(node -> traces(node, row, broken));
    switch (row.vmState()) {
      case "DELETED" -> deleted(row, broken);
      default -> {
        Node home = world.node(row.host());
        state(row, home, broken);
        world.nodes().forEach(node -> away(node, row, broken));
        defines(home, row, broken);
        disks(row, home, broken);
        if (home.libvirt().marks(row.id())) {
          broken.add("its definition still bears the mark of a migration");
        }
      }
    }
  }

  /** What is left of it where it does not live, in words. */
  private void away(Node node, Ledger.Instance row, List<String> broken) {
    if (!node.name().equals(row.host())) {
      nothing(node, row, broken);
    }
  }

  /** What a move of it that is over left behind on hosts that have power. */
  List<String> left(Ledger.Instance row) {
    List<String> left = new ArrayList<>();
    for (Node node : world.nodes()) {
      if (!node.dark()) {
        traces(node, row, left);
        away(node, row, left);
      }
    }
    return left;
  }

  /** What it did last is on its disks, unless libvirt ran it twice or a loss is told. */
  private void disks(Ledger.Instance row, Node home, List<String> broken) {
    List<String> stale = home.libvirt().staleDisks(row.id());
    boolean told = world.truth().lossIsTold(row.id()) || world.truth().lostInPostCopy(row.id());
    if (!stale.isEmpty() && !told) {
      broken.add("its disks at home are not those that it wrote last: " + stale);
    }
  }

  private void state(Ledger.Instance row, Node home, List<String> broken) {
    boolean runs = home.libvirt().runs(row.id());
    boolean rests = home.libvirt().restsPaused(row.id());
    boolean fits =
        switch (row.vmState()) {
          case "ACTIVE" -> runs;
          case "PAUSED" -> rests;
          case "STOPPED" -> !home.libvirt().has(row.id());
          case "ERROR" -> world.truth().running(row.id()).isEmpty();
          default -> false;
        };
    if (!fits) {
      broken.add(
          "recorded as %s on %s, where there is %s"
              .formatted(row.vmState(), row.host(), home.libvirt().describe(row.id())));
    }
    if (!runs && !rests && !world.truth().mayBeOff(row.id())) {
      broken.add("it is off, and nobody switched it off");
    }
  }

  private void deleted(Ledger.Instance row, List<String> broken) {
    for (Node node : world.nodes()) {
      nothing(node, row, broken);
    }
    files("", row.id()).forEach(file -> broken.add("deleted, and left: " + file));
  }

  private void nothing(Node node, Ledger.Instance row, List<String> broken) {
    if (node.libvirt().has(row.id()) || node.libvirt().defines(row.id())) {
      broken.add("left on %s: %s".formatted(node.name(), node.libvirt().describe(row.id())));
    }
    node.files().stream()
        .filter(file -> file.startsWith("/var/") && file.contains(row.id().toString()))
        .forEach(file -> broken.add("left on %s: %s".formatted(node.name(), file)));
  }

  private List<String> files(String prefix, UUID id) {
    return world.nodes().getFirst().files().stream()
        .filter(file -> file.startsWith(prefix) && file.contains(id.toString()))
        .toList();
  }
}
