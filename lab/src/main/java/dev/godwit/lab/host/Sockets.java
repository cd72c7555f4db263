package dev.godwit.lab.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** TCP sockets of a process's network namespace, as the kernel lists them. */
public final class Sockets {
  private static final String LISTEN = "0A";

  private Sockets() {}

  /** Ports on which somebody in that network listens; none when the process is gone. */
  public static Set<Integer> listening(long pid) {
    Set<Integer> ports = new TreeSet<>();
    for (String table : new String[] {"tcp", "tcp6"}) {
      try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/net/" + table))) {
        lines
            .skip(1)
            .map(line -> line.strip().split("\\s+"))
            .filter(fields -> fields.length > 3 && fields[3].equals(LISTEN))
            .map(fields -> fields[1].substring(fields[1].lastIndexOf(':') + 1))
            .forEach(port -> ports.add(Integer.parseInt(port, 16)));
      } catch (IOException | java.io.UncheckedIOException gone) {
        return ports;
      }
    }
    return ports;
  }
}
