package dev.godwit.agent.note;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The notes, a file each, written whole and synced before what they announce is done. */
public final class Notebook {
  private static final Duration KEPT = Duration.ofDays(7);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final Map<String, Note> notes = new ConcurrentHashMap<>();
  private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

  private Notebook(Path folder) {
    this.folder = folder;
  }

  /** Reads all notes; a broken one stops the start, loudly, since a fence may be in it. */
  public static Notebook open(Path folder, Clock clock) {
    Notebook book = new Notebook(folder);
    try {
      Files.createDirectories(folder);
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.json")) {
        for (Path file : files) {
          book.read(file, clock);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the agent's notes in " + folder, e);
    }
    return book;
  }

  private void read(Path file, Clock clock) throws IOException {
    if (Files.getLastModifiedTime(file).toInstant().isBefore(clock.instant().minus(KEPT))) {
      Files.delete(file);
      return;
    }
    try {
      Note note = JSON.readValue(file.toFile(), Note.class);
      notes.put(note.migration(), note);
    } catch (IOException e) {
      throw new IOException(
          "expected an agent's note, found something else in %s. Look what happened to that disk; the note says which orders were seen, so it is not skipped."
              .formatted(file),
          e);
    }
  }

  /** All of them. */
  public List<Note> all() {
    return List.copyOf(notes.values());
  }

  /** Those about an instance. */
  public List<Note> about(InstanceId instance) {
    String id = instance.toString();
    return notes.values().stream().filter(note -> note.instance().equals(id)).toList();
  }

  /** The note of a migration, if there is one. */
  public Optional<Note> find(MigrationId migration) {
    return Optional.ofNullable(notes.get(migration.toString()));
  }

  /** The note of a migration; made on first use. */
  public Note of(MigrationId migration, InstanceId instance) {
    return change(migration, instance, UnaryOperator.identity());
  }

  /** Changes a note; on disk when it returns. */
  public Note change(MigrationId migration, InstanceId instance, UnaryOperator<Note> change) {
    return change(migration.toString(), instance.toString(), change);
  }

  /** Changes a note; on disk when it returns. */
  public synchronized Note change(String migration, String instance, UnaryOperator<Note> change) {
    Note before = notes.getOrDefault(migration, Note.first(migration, instance));
    Note after = change.apply(before);
    if (!after.equals(before)) {
      write(after);
      notes.put(migration, after);
    }
    return after;
  }

  /** Runs alone among the orders of one migration. */
  public <T> T alone(MigrationId migration, Supplier<T> work) {
    ReentrantLock lock = locks.computeIfAbsent(migration.toString(), id -> new ReentrantLock(true));
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  private void write(Note note) {
    Path file = folder.resolve(note.migration() + ".json");
    Path fresh = folder.resolve(note.migration() + ".new");
    try {
      try (FileChannel out =
          FileChannel.open(
              fresh,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        out.write(java.nio.ByteBuffer.wrap(JSON.writeValueAsBytes(note)));
        out.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
        directory.force(true);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot write %s: %s. Make room on that disk; until then orders are refused."
              .formatted(file, e.getMessage()),
          e);
    }
  }
}
