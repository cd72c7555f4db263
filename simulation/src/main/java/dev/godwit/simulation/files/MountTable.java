package dev.godwit.simulation.files;

import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A host's tree: its own disk, and other disks on directories of it. */
public final class MountTable {
  /** A disk and where it is. */
  record Mount(String at, Disk disk) {}

  private final Disk root;
  private final List<Mount> mounts = new ArrayList<>();
  private final Map<Directory, Directory> covers = new HashMap<>();

  /** A host with one disk. */
  public MountTable(Disk root) {
    this.root = root;
    mounts.add(new Mount("/", root));
  }

  /**
   * Mounts a disk on a directory, which is made, durably, when it is not there. A disk that several
   * hosts mount is one for all of them.
   *
   * @param at absolute, without links
   */
  public void mount(String at, Disk disk) {
    if (!at.startsWith("/") || at.equals("/")) {
      throw new IllegalArgumentException("expected an absolute path below /, found " + at);
    }
    Directory here = root();
    for (String name : at.substring(1).split("/")) {
      here = directory(here, name, at);
    }
    here.disk().settle();
    covers.put(here, disk.root());
    mounts.add(new Mount(at, disk));
  }

  private Directory directory(Directory parent, String name, String at) {
    @Nullable Node known = parent.find(name);
    if (known == null) {
      Directory made = new Directory(parent.disk(), PosixFilePermissions.fromString("rwxr-xr-x"));
      parent.disk().names().change(new Names.Edit(parent, name, made));
      parent.disk().settle();
      return made;
    }
    if (over(known) instanceof Directory directory) {
      return directory;
    }
    throw new IllegalArgumentException(
        "%s: expected a directory to mount on, found another file at %s".formatted(at, name));
  }

  /** Starts a process: what it has open and locked ends with its file system. */
  public SimulatedFileSystem process() {
    return new SimulatedFileSystem(this);
  }

  Directory root() {
    return root.root();
  }

  /** What is seen where that node is. */
  Node over(Node node) {
    @Nullable Directory cover = node instanceof Directory directory ? covers.get(directory) : null;
    return cover == null ? node : over(cover);
  }

  /** The mount that a real path is in. */
  Mount of(String path) {
    Mount best = mounts.getFirst();
    for (Mount mount : mounts) {
      boolean in = path.equals(mount.at) || path.startsWith(mount.at + "/");
      if (in && mount.at.length() >= best.at.length()) {
        best = mount;
      }
    }
    return best;
  }

  List<Mount> all() {
    return List.copyOf(mounts);
  }
}
