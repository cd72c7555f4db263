package dev.godwit.agent.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The sockets of a network namespace on the ports that libvirt gives to arriving guests. */
final class MigrationSockets {
  /** libvirt's migration_port_min and migration_port_max, unless qemu.conf says otherwise. */
  private static final int FIRST_PORT = 49_152;

  private static final int LAST_PORT = 49_215;

  private MigrationSockets() {}

  /** The kernel's states. */
  enum State {
    ESTABLISHED("01"),
    LISTENING("0A");

    private final String code;

    State(String code) {
      this.code = code;
    }
  }

  /** One of them. */
  record Local(int port, String inode) {}

  /**
   * Those in that state, of either protocol; none of one that the kernel lacks.
   *
   * @param process a process in the namespace, below /proc
   * @throws IOException when a table cannot be read
   * @throws NumberFormatException when it is none
   */
  static List<Local> of(Path process, State state) throws IOException {
    List<Local> found = new ArrayList<>();
    for (String protocol : List.of("tcp", "tcp6")) {
      Path table = process.resolve("net").resolve(protocol);
      if (Files.exists(table)) {
        Files.readAllLines(table).stream()
            .skip(1)
            .map(line -> line.strip().split("\\s+"))
            .filter(columns -> columns.length >= 10 && columns[3].equals(state.code))
            .map(columns -> new Local(port(columns[1]), columns[9]))
            .filter(local -> local.port >= FIRST_PORT && local.port <= LAST_PORT)
            .forEach(found::add);
      }
    }
    return found;
  }

  /** Of a line of proc(5)'s tcp: number, local address, remote address, state, …, inode. */
  private static int port(String address) {
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1), 16);
  }
}
