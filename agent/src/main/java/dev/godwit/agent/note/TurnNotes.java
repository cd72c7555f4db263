package dev.godwit.agent.note;

import dev.godwit.agent.disk.Durable;
import dev.godwit.core.model.GuestTask;
import dev.godwit.core.model.InstanceId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The latest turn that was seen of each instance's tasks, on disk before the task is begun: what a
 * server that was struck off asked for late is not done any more, also after a restart.
 */
public final class TurnNotes {
  /** No call is on its way for longer. */
  private static final Duration KEPT = Duration.ofDays(7);

  private final Path folder;
  private final Reserve reserve;

  private TurnNotes(Path folder) {
    this.folder = folder;
    this.reserve = new Reserve(folder.resolve("reserve"));
  }

  /** Those of a folder, which is made; the old ones are forgotten. */
  public static TurnNotes open(Path folder, Clock clock) {
    try {
      Durable.directories(folder);
      forget(folder, clock.instant().minus(KEPT));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot read the agent's turns in %s: %s".formatted(folder, e.getMessage()), e);
    }
    TurnNotes notes = new TurnNotes(folder);
    notes.reserve.keep();
    return notes;
  }

  private static void forget(Path folder, Instant before) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.{turn,new}")) {
      for (Path file : files) {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  /**
   * Takes a task's turn; whoever works on the instance calls, and nobody else.
   *
   * @return the later turn that was seen before, which forbids it
   * @throws UncheckedIOException when it cannot be written, or what is written is none
   */
  public Optional<Long> take(GuestTask task) {
    try {
      long seen = seen(task.instance());
      if (seen > task.turn()) {
        return Optional.of(seen);
      }
      if (seen < task.turn()) {
        write(task);
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot keep the turn in %s: %s. Make room on that disk, or look what happened to it."
              .formatted(file(task.instance()), e.getMessage()),
          e);
    }
  }

  private long seen(InstanceId instance) throws IOException {
    Path file = file(instance);
    if (!Files.exists(file)) {
      return 0;
    }
    String text = Files.readString(file).strip();
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IOException("expected the number of a turn, found '%.20s'".formatted(text), e);
    }
  }

  /** Also on a disk that others have filled: a delete makes room there. */
  private void write(GuestTask task) throws IOException {
    reserve.write(
        file(task.instance()),
        folder.resolve(task.instance() + ".new"),
        (task.turn() + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private Path file(InstanceId instance) {
    return folder.resolve(instance + ".turn");
  }
}
