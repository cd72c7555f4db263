package dev.godwit.lab.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What libvirt found out about QEMU by starting it several times, which takes seconds. libvirt
 * keeps it in its cache, and so do labs for the next; libvirt itself sees whether it still holds.
 */
final class Capabilities {
  private static final List<Path> ABOUT =
      List.of(Path.of("/usr/sbin/libvirtd"), Path.of("/usr/bin/qemu-system-x86_64"));

  private Capabilities() {}

  static void give(LabHost host) {
    Path cache = cache(host);
    shelf()
        .ifPresent(shelf -> {
          LabFolder.makeDirectories(cache);
          var _ = shelf.take(cache, shelf.names());
        });
  }

  static void keep(LabHost host) {
    Path cache = cache(host);
    shelf()
        .filter(shelf -> shelf.names().isEmpty())
        .ifPresent(shelf -> {
          try (Stream<Path> files = Files.list(cache)) {
            List<String> names = files.map(file -> file.getFileName().toString()).toList();
            if (!names.isEmpty()) {
              shelf.keep(cache, names);
            }
          } catch (IOException none) {
            // Not found out yet; another lab will keep it.
          }
        });
  }

  private static Path cache(LabHost host) {
    return host.home().resolve("var-cache/qemu/capabilities");
  }

  private static Optional<Shelf> shelf() {
    StringBuilder about = new StringBuilder(System.getProperty("os.version"));
    try {
      for (Path program : ABOUT) {
        about.append(' ').append(Files.getAttribute(program, "unix:ctime"));
      }
    } catch (IOException elsewhere) {
      return Optional.empty();
    }
    return Shelf.of("capabilities", List.of(about.toString().getBytes(StandardCharsets.UTF_8)));
  }
}
