package dev.godwit.agent.lock;

import dev.godwit.agent.disk.Durable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One of libvirt's configuration files. Every line that is not changed stays as it was written. */
final class LibvirtConf {
  /** What libvirt's own packages give qemu.conf: passwords may be in it. */
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rw-------");

  private final Path file;
  private final List<String> lines;

  private LibvirtConf(Path file, List<String> lines) {
    this.file = file;
    this.lines = List.copyOf(lines);
  }

  /** As it is; an empty one when there is none. */
  static LibvirtConf read(Path file) {
    try {
      return new LibvirtConf(file, Files.readAllLines(file, StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      return new LibvirtConf(file, List.of());
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be read", e);
    }
  }

  private static Pattern setting(String key) {
    return Pattern.compile(
        "(\\s*" + Pattern.quote(key) + "\\s*=\\s*)(\"[^\"]*\"|'[^']*'|[^\\s#]+)(\\s*(#.*)?)");
  }

  /** What a key is set to, without its quotes; {@link LockRefused} when it is set twice. */
  Optional<String> value(String key) {
    Pattern setting = setting(key);
    List<String> values =
        lines.stream()
            .map(setting::matcher)
            .filter(Matcher::matches)
            .map(found -> found.group(2).replaceAll("^[\"']|[\"']$", ""))
            .toList();
    if (values.size() > 1) {
      throw new LockRefused(
          "%s once in %s".formatted(key, file),
          "it %d times".formatted(values.size()),
          "Keep the line that is meant.");
    }
    return values.stream().findFirst();
  }

  /** With this value where another was, or on a line at the end. */
  LibvirtConf with(String key, String value) {
    List<String> changed = new ArrayList<>();
    boolean there = false;
    for (String line : lines) {
      Matcher found = setting(key).matcher(line);
      if (found.matches()) {
        changed.add(found.group(1) + value + found.group(3));
        there = true;
      } else {
        changed.add(line);
      }
    }
    if (!there) {
      changed.add(key + " = " + value);
    }
    return new LibvirtConf(file, changed);
  }

  /** Puts it in its place, whole or not at all, with the permissions that it had. */
  void write() {
    Path fresh = file.resolveSibling(file.getFileName() + ".godwit-new");
    try {
      // Through a link: the file itself is somebody's, perhaps another tool's.
      Path place = Files.exists(file) ? file.toRealPath() : file;
      Set<PosixFilePermission> permissions =
          Files.exists(place) ? Files.getPosixFilePermissions(place) : PRIVATE;
      fresh = place.resolveSibling(place.getFileName() + ".godwit-new");
      Files.deleteIfExists(fresh);
      Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PRIVATE));
      Files.setPosixFilePermissions(fresh, permissions);
      Durable.write(place, fresh, text().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be written", e);
    }
  }

  private String text() {
    return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
  }
}
