package dev.godwit.simulation.files;

import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;

/** A name for another path, which need not lead anywhere. */
final class SymbolicLink extends Node {
  private final String target;

  SymbolicLink(Disk disk, String target) {
    super(disk, EnumSet.allOf(PosixFilePermission.class));
    this.target = target;
  }

  String target() {
    return target;
  }

  @Override
  long size() {
    return target.getBytes(StandardCharsets.UTF_8).length;
  }

  @Override
  long weight() {
    return 0;
  }
}
