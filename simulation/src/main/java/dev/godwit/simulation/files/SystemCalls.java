package dev.godwit.simulation.files;

import static dev.godwit.simulation.files.LinuxError.Code.BUSY;
import static dev.godwit.simulation.files.LinuxError.Code.EXISTS;
import static dev.godwit.simulation.files.LinuxError.Code.INVALID;
import static dev.godwit.simulation.files.LinuxError.Code.IS_DIRECTORY;
import static dev.godwit.simulation.files.LinuxError.Code.LOOP;
import static dev.godwit.simulation.files.LinuxError.Code.NOT_DIRECTORY;
import static dev.godwit.simulation.files.LinuxError.Code.NOT_EMPTY;
import static dev.godwit.simulation.files.LinuxError.Code.NOT_PERMITTED;
import static dev.godwit.simulation.files.LinuxError.Code.NO_ENTRY;
import static dev.godwit.simulation.files.LinuxError.Code.OTHER_DEVICE;

import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Linux's calls on one host's tree, by absolute paths. */
final class SystemCalls {
  private final MountTable mounts;

  SystemCalls(MountTable mounts) {
    this.mounts = mounts;
  }

  Walk walk(String path, boolean follow) throws LinuxError {
    return Walk.to(mounts, path, follow);
  }

  /** stat(2), or lstat(2). */
  Node stat(String path, boolean follow) throws LinuxError {
    Node node = walk(path, follow).node();
    node.disk().checkReadable();
    return node;
  }

  /** open(2) of what is there or, for a writer that wants so, of a new file. */
  Node open(String path, OpenFlags flags, Set<PosixFilePermission> mode) throws LinuxError {
    Walk walk = walk(path, flags.follow());
    @Nullable Node node = walk.found();
    if (node == null) {
      if (!flags.creates()) {
        throw new LinuxError(NO_ENTRY);
      }
      RegularFile made = new RegularFile(walk.parent().disk(), mode);
      put(walk, made);
      return made;
    }
    if (flags.createNew()) {
      throw new LinuxError(EXISTS);
    }
    if (node instanceof SymbolicLink) {
      throw new LinuxError(LOOP);
    }
    if (!flags.write()) {
      node.disk().checkReadable();
      return node;
    }
    node.disk().checkWritable();
    if (!(node instanceof RegularFile file)) {
      throw new LinuxError(IS_DIRECTORY);
    }
    if (flags.truncate()) {
      file.truncate(0);
    }
    return file;
  }

  void mkdir(String path, Set<PosixFilePermission> mode) throws LinuxError {
    Walk walk = walk(path, false);
    absent(walk);
    put(walk, new Directory(walk.parent().disk(), mode));
  }

  void symlink(String target, String path) throws LinuxError {
    Walk walk = walk(path, false);
    absent(walk);
    put(walk, new SymbolicLink(walk.parent().disk(), target));
  }

  void link(String existing, String path) throws LinuxError {
    Node node = walk(existing, false).node();
    Walk walk = walk(path, false);
    absent(walk);
    if (node instanceof Directory) {
      throw new LinuxError(NOT_PERMITTED);
    }
    if (node.disk() != walk.parent().disk()) {
      throw new LinuxError(OTHER_DEVICE);
    }
    put(walk, node);
  }

  String readlink(String path) throws LinuxError {
    if (stat(path, false) instanceof SymbolicLink link) {
      return link.target();
    }
    throw new LinuxError(INVALID);
  }

  /** unlink(2), or rmdir(2), whichever fits. */
  void remove(String path) throws LinuxError {
    Walk walk = walk(path, false);
    Node node = walk.node();
    free(walk);
    if (node instanceof Directory directory && !directory.isEmpty()) {
      throw new LinuxError(NOT_EMPTY);
    }
    put(walk, null);
  }

  void rename(String source, String target) throws LinuxError {
    Walk from = walk(source, false);
    Walk to = walk(target, false);
    Node moved = from.node();
    @Nullable Node replaced = to.found();
    if (from.parent().disk() != to.parent().disk()) {
      throw new LinuxError(OTHER_DEVICE);
    }
    free(from);
    free(to);
    if (moved == replaced) {
      return;
    }
    if (to.through(moved)) {
      throw new LinuxError(INVALID);
    }
    if (replaced != null) {
      replaceable(moved, replaced);
    }
    moved.disk().names().change(to.edit(moved), from.edit(null));
  }

  private static void replaceable(Node moved, Node replaced) throws LinuxError {
    if (replaced instanceof Directory directory) {
      if (!(moved instanceof Directory)) {
        throw new LinuxError(IS_DIRECTORY);
      }
      if (!directory.isEmpty()) {
        throw new LinuxError(NOT_EMPTY);
      }
    } else if (moved instanceof Directory) {
      throw new LinuxError(NOT_DIRECTORY);
    }
  }

  private static void absent(Walk walk) throws LinuxError {
    if (walk.found() != null) {
      throw new LinuxError(EXISTS);
    }
  }

  private static void free(Walk walk) throws LinuxError {
    if (walk.isMount()) {
      throw new LinuxError(BUSY);
    }
  }

  private static void put(Walk walk, @Nullable Node node) throws LinuxError {
    walk.parent().disk().names().change(walk.edit(node));
  }
}
