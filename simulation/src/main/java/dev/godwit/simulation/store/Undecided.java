package dev.godwit.simulation.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Transactions whose commit is still on its way when whoever sent it has given up. Nobody reads
 * what they changed; who would change the same table is kept waiting until they are decided, and
 * goes on with what they left there, in a transaction that had read what was there before.
 */
final class Undecided {
  private final MemoryDatabase memory;
  private final Consumer<String> story;
  private final List<Sent> sent = new ArrayList<>();

  /** One of them; another one with the same changes is another one. */
  final class Sent {
    private final List<Change> changes;

    private Sent(List<Change> changes) {
      this.changes = changes;
    }

    /** Its commit is there; it may have been awaited, and be decided already. */
    void arrives() {
      if (sent.remove(this)) {
        boolean made = memory.makes(changes);
        story.accept(
            "a commit that was given up " + (made ? "is made" : "cannot be made any more"));
      }
    }

    private boolean holds(String table) {
      return changes.stream().anyMatch(change -> change.table().equals(table));
    }
  }

  Undecided(MemoryDatabase memory, Consumer<String> story) {
    this.memory = memory;
    this.story = story;
  }

  /** What the open transaction did, which its sender's session does not keep. */
  Sent send() {
    Sent fresh = new Sent(memory.made());
    sent.add(fresh);
    return fresh;
  }

  /** The open transaction is about to change that table. */
  void awaitedBy(String table) throws SQLException {
    if (sent.stream().noneMatch(it -> it.holds(table))) {
      return;
    }
    List<Change> before = memory.made();
    memory.undo();
    sent.stream().filter(it -> it.holds(table)).toList().forEach(Sent::arrives);
    memory.begin();
    memory.repeat(before);
  }
}
