package dev.godwit.agent.lock;

import dev.godwit.agent.guest.GuestLeases;
import dev.godwit.agent.host.LockDaemon;
import dev.godwit.libvirt.LibvirtException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is true of this host's lock manager, as far as one host can tell. */
public final class LockState {
  private final LockSetup setup;
  private final LockDaemon daemon;
  private final GuestLeases guests;

  public LockState(LockSetup setup, LockDaemon daemon, GuestLeases guests) {
    this.setup = setup;
    this.daemon = daemon;
    this.guests = guests;
  }

  /** One thing that should be so. */
  public record Line(boolean holds, String words) {}

  /** Everything, in the order in which it is to be mended. */
  public List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    Optional<Path> directory = setup.configured();
    lines.add(
        new Line(
            directory.isPresent(),
            directory
                .map(it -> "libvirt is configured to keep leases in " + it)
                .orElse(
                    "libvirt is not configured for lockd with a lock space: godwit agent lock --lockspace DIR")));
    directory.ifPresent(it -> {
      Optional<String> trouble = setup.trouble(it);
      lines.add(
          new Line(
              trouble.isEmpty(),
              trouble.orElse(it + " may be shared, and files in it are locked")));
    });
    Optional<String> loaded = daemon.driver();
    lines.add(
        new Line(
            loaded.equals(Optional.of(LockSetup.DRIVER)),
            loaded
                .map(it -> "the running libvirt daemon has loaded the lock manager " + it)
                .orElse("no running libvirt daemon is seen")));
    lines.add(new Line(daemon.runs(), daemon.runs() ? "virtlockd runs" : "virtlockd does not run"));
    lines.addAll(leases());
    return lines;
  }

  private List<Line> leases() {
    try {
      return guests.all().stream()
          .map(guest ->
              new Line(
                  guest.without().isEmpty(),
                  guest.without().isEmpty()
                      ? "guest %s holds its leases".formatted(guest.name())
                      : "guest %s holds no lease of %s: it takes them when it is next started or moved"
                          .formatted(guest.name(), String.join(", ", guest.without()))))
          .toList();
    } catch (LibvirtException e) {
      return List.of(new Line(false, "libvirt cannot be asked for its guests: " + e.text()));
    }
  }
}
