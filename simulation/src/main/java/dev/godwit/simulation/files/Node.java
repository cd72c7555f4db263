package dev.godwit.simulation.files;

import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** What an inode is: it lives while a name leads to it. */
abstract sealed class Node permits Directory, RegularFile, SymbolicLink {
  private final Disk disk;
  private final long inode;
  private final FileTime created;
  private FileTime modified;
  private Set<PosixFilePermission> permissions;
  private int links;

  Node(Disk disk, Set<PosixFilePermission> permissions) {
    this.disk = disk;
    this.inode = disk.nextInode();
    this.created = disk.now();
    this.modified = created;
    this.permissions = Set.copyOf(permissions);
  }

  /** As stat(2) tells it. */
  abstract long size();

  /** What it takes of its disk. */
  abstract long weight();

  final Disk disk() {
    return disk;
  }

  final long inode() {
    return inode;
  }

  final FileTime created() {
    return created;
  }

  final FileTime modified() {
    return modified;
  }

  final void modified(FileTime time) {
    modified = time;
  }

  final void touch() {
    modified = disk.now();
  }

  final Set<PosixFilePermission> permissions() {
    return permissions;
  }

  final void permissions(Set<PosixFilePermission> set) {
    permissions = Set.copyOf(set);
  }

  final int links() {
    return links;
  }

  final void links(int count) {
    links = count;
  }
}
