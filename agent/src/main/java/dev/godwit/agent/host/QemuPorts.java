package dev.godwit.agent.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Ports of the range that libvirt gives to arriving guests and their disks, on which one listens.
 */
public final class QemuPorts {
  private static final int FIRST = 49_152;
  private static final int LAST = 49_215;
  private static final String LISTENS = "0A";

  private final Path proc;

  public QemuPorts(Path proc) {
    this.proc = proc;
  }

  /** Those that are held now; none where /proc does not tell. */
  public Set<Integer> held() {
    Set<Integer> ports = new TreeSet<>();
    for (String table : List.of("tcp", "tcp6")) {
      try {
        for (String line : Files.readAllLines(proc.resolve("self/net").resolve(table))) {
          String[] fields = line.strip().split("\\s+");
          if (fields.length > 3 && fields[3].equals(LISTENS)) {
            int port = Integer.parseInt(fields[1].substring(fields[1].lastIndexOf(':') + 1), 16);
            if (port >= FIRST && port <= LAST) {
              ports.add(port);
            }
          }
        }
      } catch (IOException | IllegalArgumentException e) {
        // No such table: a kernel without that protocol.
      }
    }
    return ports;
  }
}
