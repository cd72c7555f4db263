package dev.godwit.agent.host;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/**
 * Ports of the range that libvirt gives to arriving guests and their disks, on which one listens.
 */
public final class QemuPorts {
  private final Path proc;

  public QemuPorts(Path proc) {
    this.proc = proc;
  }

  /** Those that are held now; none where /proc does not tell. */
  public Set<Integer> held() {
    Set<Integer> ports = new TreeSet<>();
    try {
      MigrationSockets.of(proc.resolve("self"), MigrationSockets.State.LISTENING)
          .forEach(socket -> ports.add(socket.port()));
    } catch (IOException | NumberFormatException e) {
      return Set.of();
    }
    return ports;
  }
}
