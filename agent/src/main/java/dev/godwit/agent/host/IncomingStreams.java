package dev.godwit.agent.host;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections by which QEMUs of this host receive guests. QEMU has TCP ask for no sign of life
 * on them: one that has requested what it lacks waits for ever for a source that gave the
 * connection up while the link was cut, and refuses to be recovered for as long.
 */
public final class IncomingStreams {
  private static final Logger LOG = LoggerFactory.getLogger(IncomingStreams.class);

  /** libvirt's migration_port_min and migration_port_max, unless qemu.conf says otherwise. */
  private static final int FIRST_PORT = 49152;

  private static final int LAST_PORT = 49215;

  private static final String ESTABLISHED = "01";

  private final FileSystem system;
  private final KeepAlive keepAlive;

  /** Has the kernel ask on a process's socket whether the other end is there. */
  public interface KeepAlive {
    /** {@link IOException} when that cannot be done. */
    void on(long process, int descriptor) throws IOException;
  }

  public IncomingStreams(FileSystem system, KeepAlive keepAlive) {
    this.system = system;
    this.keepAlive = keepAlive;
  }

  /** Sees to it that a domain's QEMU learns of a source that is gone; a repeat changes nothing. */
  public void keepAlive(String domain) {
    try {
      long process =
          Long.parseLong(
              Files.readString(system.getPath("/run/libvirt/qemu").resolve(domain + ".pid"))
                  .strip());
      for (int descriptor : descriptors(system.getPath("/proc").resolve("" + process))) {
        keepAlive.on(process, descriptor);
      }
    } catch (NoSuchFileException e) {
      // It is gone.
    } catch (IOException | NumberFormatException e) {
      LOG.atWarn()
          .addKeyValue("domain", domain)
          .addKeyValue("why", e.getMessage())
          .log("a QEMU in post-copy may not notice that its source is gone");
    }
  }

  /** Of the connections that came in on libvirt's ports for migrations. */
  private static Iterable<Integer> descriptors(Path process) throws IOException {
    Map<String, Integer> sockets = sockets(process.resolve("fd"));
    Map<String, Integer> incoming = new HashMap<>();
    for (String table : new String[] {"tcp", "tcp6"}) {
      Path connections = process.resolve("net").resolve(table);
      if (Files.exists(connections)) {
        Files.readAllLines(connections).stream()
            .skip(1)
            .map(line -> line.strip().split("\\s+"))
            .filter(IncomingStreams::incoming)
            .map(columns -> columns[9])
            .filter(sockets::containsKey)
            .forEach(inode -> incoming.put(inode, sockets.getOrDefault(inode, -1)));
      }
    }
    return incoming.values();
  }

  /** A line of /proc/net/tcp: number, local address, remote address, state, …, inode. */
  private static boolean incoming(String[] columns) {
    if (columns.length < 10 || !columns[3].equals(ESTABLISHED)) {
      return false;
    }
    int port = Integer.parseInt(columns[1].substring(columns[1].indexOf(':') + 1), 16);
    return port >= FIRST_PORT && port <= LAST_PORT;
  }

  /** Descriptors by the inode of their socket. */
  private static Map<String, Integer> sockets(Path descriptors) throws IOException {
    Map<String, Integer> sockets = new HashMap<>();
    try (DirectoryStream<Path> open = Files.newDirectoryStream(descriptors)) {
      for (Path descriptor : open) {
        String target = target(descriptor);
        if (target.startsWith("socket:[")) {
          sockets.put(
              target.substring("socket:[".length(), target.length() - 1),
              Integer.parseInt("" + descriptor.getFileName()));
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return sockets;
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      // It was closed meanwhile.
      return "";
    }
  }
}
