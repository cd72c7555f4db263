package dev.godwit.agent.note;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.agent.disk.Durable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The folder of notes: a file each, whole or not at all, and of one agent only. */
final class NoteFiles implements AutoCloseable {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();
  private static final ObjectReader READER = JSON.readerFor(Note.class);
  private static final ObjectWriter WRITER = JSON.writerFor(Note.class);

  private final Path folder;
  private final FileChannel lock;
  private final Reserve reserve;

  private NoteFiles(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
    this.reserve = new Reserve(folder.resolve("reserve"));
    reserve.keep();
  }

  static NoteFiles open(Path folder) throws IOException {
    Durable.directories(folder);
    FileChannel lock =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!locked(lock)) {
      lock.close();
      throw new IOException(
          "another agent uses it. Give each agent a state directory of its own, or end the other");
    }
    return new NoteFiles(folder, lock);
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      @Nullable FileLock held = channel.tryLock();
      return held != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** A note and when it was last written. */
  record Found(Note note, Instant at) {}

  /** All notes, the oldest first. A broken one is an error: a fence may be in it. */
  List<Found> all() throws IOException {
    List<Found> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(".json")) {
          found.add(new Found(read(file), Files.getLastModifiedTime(file).toInstant()));
        } else if (name.endsWith(".new")) {
          // Never finished, so nothing was done that it announced.
          Files.delete(file);
        }
      }
    }
    found.sort(Comparator.comparing(Found::at));
    return found;
  }

  private Note read(Path file) throws IOException {
    try {
      if (!(READER.readTree(Files.readAllBytes(file)) instanceof ObjectNode fields)) {
        throw new IOException("it is no object");
      }
      // Agents of before that field wrote notes that are still in force.
      fields.putIfAbsent("fencing", BooleanNode.FALSE);
      Note note = READER.readValue(fields);
      if (!file.equals(file(note.migration()))) {
        throw new IOException("it is the note of migration " + note.migration());
      }
      return note;
    } catch (IOException e) {
      throw new IOException(
          "expected an agent's note, found something else in %s. Look what happened to that disk; the note says which orders were seen, so it is not skipped."
              .formatted(file),
          e);
    }
  }

  /** On disk when it returns, also when others have filled it: room for that is kept. */
  void write(Note note) throws IOException {
    reserve.write(
        file(note.migration()),
        folder.resolve(note.migration() + ".new"),
        WRITER.writeValueAsBytes(note));
  }

  void delete(String migration) throws IOException {
    Files.deleteIfExists(file(migration));
  }

  Path file(String migration) {
    return folder.resolve(migration + ".json");
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
