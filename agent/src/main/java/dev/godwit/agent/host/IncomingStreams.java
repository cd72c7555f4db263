package dev.godwit.agent.host;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections by which QEMUs of this host receive guests. QEMU has TCP ask for no sign of life
 * on them: one that has requested what it lacks waits for ever for a source that gave the
 * connection up while the link was cut, and refuses to be recovered for as long.
 */
public final class IncomingStreams {
  private static final Logger LOG = LoggerFactory.getLogger(IncomingStreams.class);

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
  private static Collection<Integer> descriptors(Path process) throws IOException {
    Map<String, Integer> incoming = sockets(process.resolve("fd"));
    incoming
        .keySet()
        .retainAll(
            MigrationSockets.of(process, MigrationSockets.State.ESTABLISHED).stream()
                .map(MigrationSockets.Local::inode)
                .collect(Collectors.toSet()));
    return incoming.values();
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
