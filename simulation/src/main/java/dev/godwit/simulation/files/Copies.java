package dev.godwit.simulation.files;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;

/** The JDK's moves and copies, made of Linux's calls. */
final class Copies {
  private final SystemCalls calls;
  private final Path source;
  private final Path target;
  private final Set<CopyOption> options;

  Copies(SystemCalls calls, Path source, Path target, CopyOption... options) {
    this.calls = calls;
    this.source = source;
    this.target = target;
    this.options = Set.of(options);
  }

  void move() throws IOException {
    allow(StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    if (options.contains(StandardCopyOption.ATOMIC_MOVE)) {
      try {
        calls.rename(name(source), name(target));
        return;
      } catch (LinuxError e) {
        if (e.code() == LinuxError.Code.OTHER_DEVICE) {
          throw new AtomicMoveNotSupportedException(
              source.toString(), target.toString(), e.words());
        }
        throw e.about(source, target);
      }
    }
    Node moved = stat(false);
    if (!cleared(moved)) {
      return;
    }
    try {
      calls.rename(name(source), name(target));
    } catch (LinuxError e) {
      if (e.code() != LinuxError.Code.OTHER_DEVICE) {
        throw e.about(source, target);
      }
      moveAcross(moved);
    }
  }

  private void moveAcross(Node moved) throws IOException {
    if (moved instanceof Directory directory && !directory.isEmpty()) {
      throw new DirectoryNotEmptyException(source.toString());
    }
    copy(moved, true);
    try {
      calls.remove(name(source));
    } catch (LinuxError e) {
      discard();
      throw e.about(source);
    }
  }

  void copy() throws IOException {
    allow(
        StandardCopyOption.COPY_ATTRIBUTES,
        StandardCopyOption.REPLACE_EXISTING,
        LinkOption.NOFOLLOW_LINKS);
    Node copied = stat(!options.contains(LinkOption.NOFOLLOW_LINKS));
    if (cleared(copied)) {
      copy(copied, options.contains(StandardCopyOption.COPY_ATTRIBUTES));
    }
  }

  private void copy(Node copied, boolean attributes) throws IOException {
    try {
      switch (copied) {
        case Directory directory ->
            calls.mkdir(name(target), Permissions.masked(directory.permissions()));
        case SymbolicLink link -> calls.symlink(link.target(), name(target));
        case RegularFile file -> copy(file);
      }
      if (attributes && !(copied instanceof SymbolicLink)) {
        Node made = calls.stat(name(target), false);
        made.permissions(copied.permissions());
        made.modified(copied.modified());
      }
    } catch (LinuxError e) {
      throw e.about(target);
    }
  }

  private void copy(RegularFile file) throws IOException, LinuxError {
    OpenFlags create = new OpenFlags(false, true, false, false, true, true, false);
    if (calls.open(name(target), create, Permissions.masked(file.permissions()))
        instanceof RegularFile made) {
      try {
        made.fillFrom(file);
      } catch (LinuxError e) {
        discard();
        throw e.about(source, target);
      }
    }
  }

  private void discard() {
    try {
      calls.remove(name(target));
    } catch (LinuxError e) {
      // As the JDK: the first error is the one to tell.
    }
  }

  private Node stat(boolean follow) throws IOException {
    try {
      return calls.stat(name(source), follow);
    } catch (LinuxError e) {
      throw e.orNoEntry().about(source);
    }
  }

  /** Makes way at the target; false when it is the source itself. */
  private boolean cleared(Node from) throws IOException {
    Node there;
    try {
      there = calls.stat(name(target), false);
    } catch (LinuxError e) {
      return true;
    }
    if (there == from) {
      return false;
    }
    if (!options.contains(StandardCopyOption.REPLACE_EXISTING)) {
      throw new FileAlreadyExistsException(target.toString());
    }
    try {
      calls.remove(name(target));
      return true;
    } catch (LinuxError e) {
      if (e.code() == LinuxError.Code.NOT_EMPTY) {
        throw new DirectoryNotEmptyException(target.toString());
      }
      throw e.about(target);
    }
  }

  private void allow(CopyOption... known) {
    for (CopyOption option : options) {
      if (!Set.of(known).contains(option)) {
        throw new UnsupportedOperationException("Unsupported option: " + option);
      }
    }
  }

  private static String name(Path path) {
    return path.toAbsolutePath().toString();
  }
}
