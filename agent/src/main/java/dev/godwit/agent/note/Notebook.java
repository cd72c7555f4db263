package dev.godwit.agent.note;

import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The notes. What is about to be done is on disk before it is done ({@link #change}); what was seen
 * counts at once, whatever the disk does ({@link #remember}).
 */
public final class Notebook implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Notebook.class);

  /** Notes of migrations that are over still refuse late orders, but not for ever. */
  private static final Duration KEPT = Duration.ofDays(7);

  static final int MOST_CLOSED = 1_000;

  private final NoteFiles files;
  private final Map<String, Note> notes = new ConcurrentHashMap<>();
  private final Set<String> unsaved = ConcurrentHashMap.newKeySet();
  private final ArrayDeque<String> closed = new ArrayDeque<>();
  private volatile boolean shut;

  private Notebook(NoteFiles files) {
    this.files = files;
  }

  /** Reads all notes; a broken one stops the start, loudly, since a fence may be in it. */
  public static Notebook open(Path folder, Clock clock) {
    try {
      Notebook book = new Notebook(NoteFiles.open(folder));
      try {
        book.read(clock);
        return book;
      } catch (IOException e) {
        book.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot read the agent's notes in %s: %s".formatted(folder, e.getMessage()), e);
    }
  }

  private void read(Clock clock) throws IOException {
    for (NoteFiles.Found found : files.all()) {
      Note note = found.note();
      if (note.over() && found.at().isBefore(clock.instant().minus(KEPT))) {
        files.delete(note.migration());
        continue;
      }
      notes.put(note.migration(), note);
      if (note.over()) {
        close(note.migration());
      }
    }
  }

  /** All of them. */
  public List<Note> all() {
    return List.copyOf(notes.values());
  }

  /** Those about an instance, of migrations that are over too. */
  public List<Note> about(InstanceId instance) {
    String id = instance.toString();
    return notes.values().stream().filter(note -> note.instance().equals(id)).toList();
  }

  /** Those about an instance whose migration is not over on this host. */
  public List<Note> open(InstanceId instance) {
    return about(instance).stream().filter(note -> !note.over()).toList();
  }

  /** The note of a migration, if there is one. */
  public Optional<Note> find(MigrationId migration) {
    return Optional.ofNullable(notes.get(migration.toString()));
  }

  /** Changes a note; on disk when it returns, unchanged when it throws. */
  public Note change(MigrationId migration, InstanceId instance, UnaryOperator<Note> change) {
    return change(migration.toString(), instance.toString(), change);
  }

  /** Changes a note; on disk when it returns, unchanged when it throws. */
  public synchronized Note change(String migration, String instance, UnaryOperator<Note> change) {
    if (shut) {
      throw new UncheckedIOException("the agent is stopping", new ClosedChannelException());
    }
    Note before = notes.getOrDefault(migration, Note.first(migration, instance));
    Note written = change.apply(before);
    if (written.equals(before) && !unsaved.contains(migration)) {
      return before;
    }
    unsaved.remove(migration);
    try {
      files.write(written);
    } catch (IOException e) {
      unsaved.add(migration);
      throw new UncheckedIOException(
          "cannot write %s: %s. Make room on that disk; until then orders are refused."
              .formatted(files.file(migration), e.getMessage()),
          e);
    }
    // What was remembered while the disk was busy is kept.
    Note now =
        java.util.Objects.requireNonNull(
            notes.compute(
                migration,
                (id, known) -> change.apply(known == null ? Note.first(id, instance) : known)));
    if (now.over() && !before.over()) {
      close(migration);
    }
    return now;
  }

  /**
   * Ends what migrations whose record was lost left open of an instance: nothing of them counts any
   * more, and whatever is still ordered for one is refused. A call that still goes on shows that
   * somebody watches it; such a one stays.
   *
   * @param but the migration that goes on
   * @return those that were ended
   */
  public List<String> supersede(InstanceId instance, Optional<MigrationId> but) {
    List<String> ended = new ArrayList<>();
    for (Note note : open(instance)) {
      boolean goesOn = but.map(MigrationId::toString).filter(note.migration()::equals).isPresent();
      if (!goesOn && change(note.migration(), note.instance(), Note::superseded).over()) {
        ended.add(note.migration());
      }
    }
    return ended;
  }

  /**
   * Takes in what was seen of a known migration. It counts from now on, also when the disk is full
   * or slow; {@link #save} brings it there.
   */
  public Note remember(Note note, UnaryOperator<Note> seen) {
    unsaved.add(note.migration());
    @org.jspecify.annotations.Nullable
    Note now = notes.computeIfPresent(note.migration(), (id, known) -> seen.apply(known));
    return now == null ? note : now;
  }

  /** Brings what was remembered to the disk; what cannot be written now is tried again later. */
  public void save(Note note) {
    try {
      if (!shut && notes.containsKey(note.migration())) {
        change(note.migration(), note.instance(), UnaryOperator.identity());
      }
    } catch (UncheckedIOException e) {
      LOG.atWarn().addKeyValue("why", e.getMessage()).log("what was seen is not on disk yet");
    }
  }

  private void close(String migration) {
    closed.add(migration);
    while (closed.size() > MOST_CLOSED) {
      String oldest = closed.remove();
      notes.remove(oldest);
      try {
        files.delete(oldest);
      } catch (IOException e) {
        LOG.atWarn().addKeyValue("why", e.getMessage()).log("an old note stays on disk");
      }
    }
  }

  /** Another agent may have the folder now. */
  @Override
  public synchronized void close() {
    shut = true;
    try {
      files.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
