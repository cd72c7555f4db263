package dev.godwit.simulation.files;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The changes of a disk's names that no force has made durable yet. Each is whole or not at all, a
 * rename too, as on every journalling file system; and one that follows from another is lost with
 * it.
 */
final class Names {
  /** One name, before and after. */
  record Edit(Directory directory, String name, @Nullable Node before, @Nullable Node after) {
    Edit(Directory directory, String name, @Nullable Node after) {
      this(directory, name, directory.find(name), after);
    }

    boolean sameName(Edit other) {
      return directory == other.directory && name.equals(other.name);
    }

    /** Needs the other to have happened: about the same name, in its new or of its old names. */
    boolean follows(Edit earlier) {
      return sameName(earlier) || directory == earlier.after || before == earlier.directory;
    }
  }

  private record Change(List<Edit> edits) {
    boolean sharesName(Change earlier) {
      return edits.stream().anyMatch(edit -> earlier.edits.stream().anyMatch(edit::sameName));
    }

    boolean follows(Change earlier) {
      return edits.stream().anyMatch(edit -> earlier.edits.stream().anyMatch(edit::follows));
    }

    boolean in(Directory directory) {
      return edits.stream().anyMatch(edit -> edit.directory == directory);
    }
  }

  private List<Change> unforced = new ArrayList<>();

  /** Does it, all of these at once; the clock, which may end the world, is asked last. */
  void change(Edit... edits) {
    unforced.add(new Change(List.of(edits)));
    for (Edit edit : edits) {
      edit.directory.set(edit.name, edit.after);
    }
    for (Edit edit : edits) {
      count(edit.after, 1);
      count(edit.before, -1);
    }
    for (Edit edit : edits) {
      edit.directory.touch();
    }
  }

  private static void count(@Nullable Node node, int more) {
    if (node != null) {
      node.links(node.links() + more);
      node.disk().forget(node);
    }
  }

  /**
   * As fsync(2) of a directory: the names in it are durable, and what led to them; its own name in
   * the directory above is not.
   */
  void force(Directory directory) {
    List<Change> left = new ArrayList<>();
    List<Change> durable = new ArrayList<>();
    for (Change change : unforced.reversed()) {
      boolean forced =
          change.in(directory) || durable.stream().anyMatch(later -> later.sharesName(change));
      (forced ? durable : left).add(change);
    }
    unforced = new ArrayList<>(left.reversed());
  }

  void settle() {
    unforced.clear();
  }

  /** Undoes what was lost, the last first. */
  void powerLoss(RandomGenerator random) {
    List<Change> lost = new ArrayList<>();
    for (Change change : unforced) {
      if (random.nextBoolean() || lost.stream().anyMatch(change::follows)) {
        lost.add(change);
      }
    }
    for (Change change : lost.reversed()) {
      for (Edit edit : change.edits) {
        edit.directory.set(edit.name, edit.before);
      }
    }
    unforced.clear();
  }
}
