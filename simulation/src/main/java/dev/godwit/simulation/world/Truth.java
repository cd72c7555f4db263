package dev.godwit.simulation.world;

import dev.godwit.simulation.libvirt.Witnesses;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** Where every guest really runs, and whether anybody broke a promise about it. */
final class Truth implements Witnesses {
  private final Story story;
  private final Map<UUID, Set<String>> running = new TreeMap<>();
  private final Map<UUID, String> lastRan = new TreeMap<>();
  private final Set<UUID> splitByLibvirt = new HashSet<>();

  private final List<WishedEnd> wishedEnds = new ArrayList<>();
  private final Set<UUID> startAccepted = new HashSet<>();

  private final Set<UUID> endedByItself = new HashSet<>();
  private final Set<UUID> crashed = new HashSet<>();
  private final Set<String> powerLost = new HashSet<>();
  private final Set<UUID> lostInPostCopy = new HashSet<>();
  private final List<String> broken = new ArrayList<>();

  /** Somebody's wish that a guest ends: as long as it stands, the guest may be destroyed. */
  static final class WishedEnd {
    private final UUID guest;
    private boolean accepted;

    private WishedEnd(UUID guest) {
      this.guest = guest;
    }

    /** Until then it may be done at any time, or never. */
    void accept() {
      accepted = true;
    }
  }

  Truth(Story story) {
    this.story = story;
  }

  /** Its owner asked for its end, so it may be destroyed. */
  WishedEnd letGo(UUID guest) {
    WishedEnd wish = new WishedEnd(guest);
    wishedEnds.add(wish);
    return wish;
  }

  /** That wish was refused. */
  void keep(WishedEnd wish) {
    wishedEnds.remove(wish);
  }

  private boolean isLetGo(UUID guest) {
    return wishedEnds.stream().anyMatch(wish -> wish.guest.equals(guest));
  }

  /** The wishes for its end that a start, if it is accepted, makes void. */
  List<WishedEnd> accepted(UUID guest) {
    return wishedEnds.stream().filter(wish -> wish.guest.equals(guest) && wish.accepted).toList();
  }

  /** Its start was accepted: it may be destroyed no more, and off only until it runs. */
  void starts(UUID guest, List<WishedEnd> before) {
    wishedEnds.removeAll(before);
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
    if (startAccepted.contains(guest)) {
      runsAgain(guest);
    }
    story.tell(host + ": the guest runs" + (byLibvirt ? ", started by libvirt" : ""));
    if (at.size() > 1) {
      if (byLibvirt) {
        splitByLibvirt.add(guest);
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

  /** A QEMU that waits paused, after a strict hand-over or in the switch, may be the only one. */
  void qemuKilled(String host, UUID guest) {
    if (running(guest).stream().allMatch(host::equals)) {
      crashed.add(guest);
    }
  }

  /** True for a host of which nobody can tell what it had seen of its guests. */
  boolean lostPower(String host) {
    return powerLost.contains(host);
  }

  /** A host that had the only copies, running or paused, takes them with it. */
  void powerLost(String host, List<UUID> guests) {
    powerLost.add(host);
    for (UUID guest : guests) {
      if (running(guest).stream().allMatch(host::equals)) {
        crashed.add(guest);
      }
    }
  }

  @Override
  public void note(String host, String what) {
    story.tell(host + ": " + what);
  }
}
