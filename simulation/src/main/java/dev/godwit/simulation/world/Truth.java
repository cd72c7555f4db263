package dev.godwit.simulation.world;

import dev.godwit.core.model.TaskState;
import dev.godwit.simulation.libvirt.Witnesses;
import dev.godwit.simulation.time.SimulatedProcess;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/** Where every guest really runs, and whether anybody broke a promise about it. */
final class Truth implements Witnesses {
  private final Story story;
  private final Map<UUID, Set<String>> running = new TreeMap<>();
  private final Map<UUID, String> lastRan = new TreeMap<>();
  private final Set<UUID> splitByLibvirt = new HashSet<>();
  private final Map<UUID, Integer> runs = new HashMap<>();
  private final Map<UUID, Integer> runsWhenLost = new HashMap<>();
  private final Map<UUID, Set<String>> ranInThisMove = new HashMap<>();

  private final List<WishedEnd> wishedEnds = new ArrayList<>();
  private final Set<UUID> startAccepted = new HashSet<>();

  private final Set<UUID> endedByItself = new HashSet<>();
  private final Set<UUID> crashed = new HashSet<>();
  private final Map<UUID, Set<String>> powerLost = new HashMap<>();
  private final Set<UUID> lostInPostCopy = new HashSet<>();
  private final List<String> broken = new ArrayList<>();

  /** Somebody's wish that a guest ends: as long as it stands, the guest may be destroyed. */
  static final class WishedEnd {
    private final UUID guest;
    private final TaskState task;
    private BooleanSupplier undecided = () -> false;
    private boolean accepted;

    private WishedEnd(UUID guest, TaskState task) {
      this.guest = guest;
      this.task = task;
    }

    /** Until then it may be done at any time, or never. */
    void accept() {
      accepted = true;
    }

    /** Only a server that lives can still record it. */
    void askedOf(SimulatedProcess server) {
      undecided = server::alive;
    }

    private boolean stands() {
      return accepted || undecided.getAsBoolean();
    }
  }

  Truth(Story story) {
    this.story = story;
  }

  /**
   * Its owner asks for its end, so it may be destroyed.
   *
   * @param task what is recorded when somebody takes it down
   */
  WishedEnd letGo(UUID guest, TaskState task) {
    WishedEnd wish = new WishedEnd(guest, task);
    wishedEnds.add(wish);
    return wish;
  }

  /** That wish was refused. */
  void keep(WishedEnd wish) {
    wishedEnds.remove(wish);
  }

  /** Nobody knows what becomes of that wish: it stands once it is recorded, which may come late. */
  void unanswered(WishedEnd wish) {
    wish.undecided = () -> false;
  }

  private boolean isLetGo(UUID guest) {
    return wishedEnds.stream().anyMatch(wish -> wish.guest.equals(guest) && wish.stands());
  }

  /** Its owner asked for its end, and was told that it will be. */
  boolean endIsAccepted(UUID guest) {
    return wishedEnds.stream().anyMatch(wish -> wish.guest.equals(guest) && wish.accepted);
  }

  /** That task of the guest's is recorded, whatever its owner was answered. */
  void recorded(UUID guest, TaskState task) {
    if (task == TaskState.POWERING_ON) {
      starts(guest);
    }
    wishedEnds.stream()
        .filter(wish -> wish.guest.equals(guest) && wish.task == task)
        .forEach(WishedEnd::accept);
  }

  /** It may be destroyed no more, and off only until it runs. */
  private void starts(UUID guest) {
    wishedEnds.removeIf(wish -> wish.guest.equals(guest) && wish.accepted);
    startAccepted.add(guest);
    if (!running(guest).isEmpty()) {
      runsAgain(guest);
    }
  }

  private void runsAgain(UUID guest) {
    startAccepted.remove(guest);
    endedByItself.remove(guest);
    crashed.remove(guest);
    lostInPostCopy.remove(guest);
  }

  /** It was shut down, or a fault took its only copy; and it has not been started since. */
  boolean mayBeOff(UUID guest) {
    return isLetGo(guest)
        || startAccepted.contains(guest)
        || endedByItself.contains(guest)
        || crashed.contains(guest)
        || lostInPostCopy.contains(guest);
  }

  /** The documented exception: half of it was here and half there, and one half is gone. */
  boolean lostInPostCopy(UUID guest) {
    return lostInPostCopy.contains(guest);
  }

  @Override
  public void lostInPostCopy(String where, UUID guest) {
    if (!endedByItself.contains(guest)) {
      story.tell(where + ": the guest is lost: its post-copy had not ended");
      lostInPostCopy.add(guest);
    }
  }

  /** A later move of it begins: what befell it in an earlier one excuses nothing in this. */
  void movesAgain(UUID guest) {
    splitByLibvirt.remove(guest);
    powerLost.remove(guest);
    ranInThisMove.remove(guest);
  }

  /** True when it ran there since its last move began. */
  boolean ranInThisMove(String host, UUID guest) {
    return ranInThisMove.getOrDefault(guest, Set.of()).contains(host);
  }

  /** Something that it did until now is lost, and that is recorded. */
  void tellsOfALoss(UUID guest) {
    runsWhenLost.put(guest, runs.getOrDefault(guest, 0));
  }

  /** What it did last may be lost: libvirt ran it twice, or it is told; and it never ran since. */
  boolean lossIsTold(UUID guest) {
    return runs.getOrDefault(guest, 0).equals(runsWhenLost.get(guest));
  }

  boolean splitByLibvirt(UUID guest) {
    return splitByLibvirt.contains(guest);
  }

  /** The host on which it was started or resumed last. */
  String lastRan(UUID guest) {
    return java.util.Objects.requireNonNull(lastRan.get(guest), "a guest that never ran");
  }

  Set<String> running(UUID guest) {
    return running.getOrDefault(guest, Set.of());
  }

  /** No thread of a server or an agent ends by an exception: what it did is done no more. */
  void died(Thread thread, Throwable failure) {
    breaks("the thread %s ended: %s".formatted(thread.getName(), failure));
  }

  List<String> broken() {
    return List.copyOf(broken);
  }

  void breaks(String promise) {
    story.tell("BROKEN: " + promise);
    broken.add(promise);
  }

  @Override
  public void runs(String host, UUID guest, boolean byLibvirt, boolean olderThanDisk) {
    Set<String> at = running.computeIfAbsent(guest, id -> new TreeSet<>());
    at.add(host);
    lastRan.put(guest, host);
    runs.merge(guest, 1, Integer::sum);
    ranInThisMove.computeIfAbsent(guest, _ -> new TreeSet<>()).add(host);
    // Whatever was taken of it was not the last.
    crashed.remove(guest);
    endedByItself.remove(guest);
    if (startAccepted.contains(guest)) {
      runsAgain(guest);
    }
    story.tell(host + ": the guest runs" + (byLibvirt ? ", started by libvirt" : ""));
    if (at.size() > 1) {
      if (byLibvirt) {
        splitByLibvirt.add(guest);
        tellsOfALoss(guest);
        story.tell("libvirt has split the guest: it runs on " + at);
      } else if (!splitByLibvirt.contains(guest)) {
        breaks("it runs twice, and libvirt did not do that");
      } else {
        breaks("a second copy was started in a split");
      }
    }
    if (olderThanDisk) {
      if (byLibvirt) {
        story.tell("libvirt runs old memory over a newer disk");
      } else {
        breaks("old memory runs over a newer disk");
      }
    }
  }

  @Override
  public void pauses(String host, UUID guest) {
    away(host, guest);
    story.tell(host + ": the guest stands still");
  }

  private void away(String host, UUID guest) {
    running.getOrDefault(guest, new TreeSet<>()).remove(host);
  }

  @Override
  public void ends(String host, UUID guest, String how, boolean byItself) {
    boolean ran = running(guest).contains(host);
    away(host, guest);
    story.tell(host + ": the guest's process is gone: " + how);
    if (byItself) {
      endedByItself.add(guest);
    }
    if (ran && running(guest).isEmpty() && !byItself) {
      if (how.contains("DESTROYED") && !isLetGo(guest)) {
        breaks("the only running copy was destroyed");
      } else {
        crashed.add(guest);
      }
    }
  }

  /**
   * A QEMU that had it whole: one that waits paused, after a strict hand-over or in the switch, may
   * be the only one.
   */
  void qemuKilled(String host, UUID guest) {
    if (running(guest).stream().allMatch(host::equals)) {
      crashed.add(guest);
    }
  }

  /** True for a host of which nobody can tell what it had seen of the guest in this move. */
  boolean lostPower(String host, UUID guest) {
    return powerLost.getOrDefault(guest, Set.of()).contains(host);
  }

  /** A host that had the only copies, running or paused, takes them with it. */
  void powerLost(String host, List<UUID> guests) {
    running
        .keySet()
        .forEach(guest -> powerLost.computeIfAbsent(guest, _ -> new TreeSet<>()).add(host));
    guests.forEach(guest -> qemuKilled(host, guest));
  }

  @Override
  public void note(String host, String what) {
    story.tell(host + ": " + what);
  }
}
