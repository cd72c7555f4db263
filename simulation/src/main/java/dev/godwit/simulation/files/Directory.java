package dev.godwit.simulation.files;

import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Names, in their order. They are changed through {@link Names}, which knows what may be lost. */
final class Directory extends Node {
  private final NavigableMap<String, Node> entries = new TreeMap<>();

  Directory(Disk disk, Set<PosixFilePermission> permissions) {
    super(disk, permissions);
  }

  @Nullable Node find(String name) {
    return entries.get(name);
  }

  void set(String name, @Nullable Node node) {
    if (node == null) {
      entries.remove(name);
    } else {
      entries.put(name, node);
    }
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  List<String> names() {
    return List.copyOf(entries.keySet());
  }

  List<Node> nodes() {
    return List.copyOf(entries.values());
  }

  @Override
  long size() {
    return Content.BLOCK_BYTES;
  }

  @Override
  long weight() {
    return 0;
  }
}
