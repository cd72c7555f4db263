package dev.godwit.simulation.files;

import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Who may do what with a file, as callers name it; the umask is 022. */
final class Permissions {
  private static final Set<PosixFilePermission> UMASK =
      PosixFilePermissions.fromString("----w--w-");

  private Permissions() {}

  /** Those of a new file: as its maker wants them, or the standard, without the umask. */
  static Set<PosixFilePermission> initial(String standard, FileAttribute<?>... attributes) {
    Set<PosixFilePermission> mode = PosixFilePermissions.fromString(standard);
    for (FileAttribute<?> attribute : attributes) {
      if (!attribute.name().equals("posix:permissions")) {
        throw new UnsupportedOperationException(
            "'%s' not supported as initial attribute".formatted(attribute.name()));
      }
      mode = of(attribute.value());
    }
    return masked(mode);
  }

  static Set<PosixFilePermission> masked(Set<PosixFilePermission> mode) {
    Set<PosixFilePermission> left = EnumSet.noneOf(PosixFilePermission.class);
    left.addAll(mode);
    left.removeAll(UMASK);
    return left;
  }

  static Set<PosixFilePermission> of(Object value) {
    Set<PosixFilePermission> mode = EnumSet.noneOf(PosixFilePermission.class);
    for (Object permission : (Set<?>) value) {
      mode.add((PosixFilePermission) permission);
    }
    return mode;
  }

  /** Root may run what anybody may. */
  static boolean executable(Set<PosixFilePermission> mode) {
    return mode.contains(PosixFilePermission.OWNER_EXECUTE)
        || mode.contains(PosixFilePermission.GROUP_EXECUTE)
        || mode.contains(PosixFilePermission.OTHERS_EXECUTE);
  }
}
