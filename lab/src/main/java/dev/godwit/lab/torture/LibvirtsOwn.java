package dev.godwit.lab.torture;

import dev.godwit.lab.Virsh;
import dev.godwit.lab.host.Argv;
import dev.godwit.lab.host.LabFailure;
import dev.godwit.lab.host.LabFolder;
import dev.godwit.lab.host.LabHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Directories that libvirtd makes for a domain that it is about to start, and forgets when it is
 * killed just then, or with its host.
 */
final class LibvirtsOwn {
  private static final Duration LIST = Duration.ofSeconds(10);
  private static final List<String> PLACES =
      List.of("var/lib/libvirt/qemu", "var/lib/libvirt/qemu/channel/target");

  private static final Pattern NAME = Pattern.compile("domain-([0-9]+)-[^/]+");
  private static final Pattern LEFTOVER =
      Pattern.compile(
          "file /proc/[0-9]+/root/var/lib/libvirt/qemu/(channel/target/)?" + NAME + "$");

  private static final Pattern LEASE =
      Pattern.compile("lease file [0-9a-f]{64} that nobody holds$");

  private LibvirtsOwn() {}

  /** True for the file of a lease whose holder went with its host's power. */
  static boolean lease(String leftover) {
    return LEASE.matcher(leftover).find();
  }

  /** True for a leftover that is such a directory. */
  static boolean is(String leftover) {
    return LEFTOVER.matcher(leftover).find();
  }

  /** Takes away those of domains that do not run: they would be laid to the next case. */
  static void clear(LabHost host) {
    Argv.Result list = new Virsh(host).run(LIST, "list", "--id");
    if (!list.ok()) {
      return;
    }
    Set<String> active = list.out().lines().map(String::strip).collect(Collectors.toSet());
    for (String place : PLACES) {
      forgotten(host.required().view(place), active).forEach(LabFolder::remove);
    }
  }

  private static List<Path> forgotten(Path place, Set<String> active) {
    try (Stream<Path> all = Files.list(place)) {
      return all.filter(
              path -> {
                Matcher name = NAME.matcher(path.getFileName().toString());
                return name.matches() && !active.contains(name.group(1));
              })
          .toList();
    } catch (IOException e) {
      throw new LabFailure(place + ": " + e);
    }
  }
}
