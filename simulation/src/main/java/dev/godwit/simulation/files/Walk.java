package dev.godwit.simulation.files;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The way from the root along a path, as the kernel goes it. */
final class Walk {
  private static final int MOST_LINKS = 40;
  private static final int MOST_NAME_BYTES = 255;

  private record Step(String name, Node node) {}

  private final MountTable mounts;
  private final List<Step> steps = new ArrayList<>();
  private @Nullable String missing;
  private int links;

  private Walk(MountTable mounts) {
    this.mounts = mounts;
  }

  /**
   * Goes to a path; only its last name may be missing.
   *
   * @param follow also a link that is last
   */
  static Walk to(MountTable mounts, String path, boolean follow) throws LinuxError {
    Walk walk = new Walk(mounts);
    walk.go(path, follow);
    return walk;
  }

  private void go(String path, boolean follow) throws LinuxError {
    if (path.startsWith("/")) {
      steps.clear();
    }
    int from = 0;
    while (from < path.length()) {
      int slash = path.indexOf('/', from);
      int to = slash < 0 ? path.length() : slash;
      if (to > from) {
        boolean last = to == path.length();
        step(path.substring(from, to), follow || !last);
      }
      from = to + 1;
    }
  }

  private void step(String name, boolean follow) throws LinuxError {
    Directory here = directory();
    if (name.equals(".")) {
      return;
    }
    if (name.equals("..")) {
      if (!steps.isEmpty()) {
        steps.removeLast();
      }
      return;
    }
    here.disk().checkReadable();
    if (name.length() > MOST_NAME_BYTES / 4
        && name.getBytes(StandardCharsets.UTF_8).length > MOST_NAME_BYTES) {
      throw new LinuxError(LinuxError.Code.NAME_TOO_LONG);
    }
    @Nullable Node node = here.find(name);
    if (node == null) {
      missing = name;
    } else if (follow && node instanceof SymbolicLink link) {
      if (++links > MOST_LINKS) {
        throw new LinuxError(LinuxError.Code.LOOP);
      }
      go(link.target(), true);
    } else {
      steps.add(new Step(name, mounts.over(node)));
    }
  }

  /** Where a next name is looked up. */
  private Directory directory() throws LinuxError {
    if (missing != null) {
      throw new LinuxError(LinuxError.Code.NO_ENTRY);
    }
    if (last() instanceof Directory directory) {
      return directory;
    }
    throw new LinuxError(LinuxError.Code.NOT_DIRECTORY);
  }

  private Node last() {
    return steps.isEmpty() ? mounts.root() : steps.getLast().node;
  }

  /** What is there, if anything. */
  @Nullable Node found() {
    return missing == null ? last() : null;
  }

  /** What is there. */
  Node node() throws LinuxError {
    if (missing != null) {
      throw new LinuxError(LinuxError.Code.NO_ENTRY);
    }
    return last();
  }

  /** The change that puts a node in the place of what is there, or nothing. */
  Names.Edit edit(@Nullable Node node) throws LinuxError {
    Directory parent = parent();
    parent.disk().checkWritable();
    return new Names.Edit(parent, name(), node);
  }

  /** A root, or where a disk is mounted: names that cannot be changed. */
  boolean isMount() {
    return missing == null && (steps.isEmpty() || parent().find(name()) != last());
  }

  Directory parent() {
    int above = missing == null ? steps.size() - 2 : steps.size() - 1;
    return above < 0 ? mounts.root() : (Directory) steps.get(above).node;
  }

  private String name() {
    return missing == null ? steps.getLast().name : missing;
  }

  /** True when the way leads through that node. */
  boolean through(Node node) {
    return steps.stream().anyMatch(step -> step.node == node);
  }

  /** The way without links and dots. */
  String path() {
    StringBuilder path = new StringBuilder();
    steps.forEach(step -> path.append('/').append(step.name));
    return path.isEmpty() ? "/" : path.toString();
  }
}
