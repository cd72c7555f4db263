package dev.godwit.agent.file;

import dev.godwit.agent.disk.Durable;
import dev.godwit.core.model.ProofId;
import dev.godwit.core.model.Refusal;
import dev.godwit.core.port.Answer;
import dev.godwit.core.port.Tempo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Finds out by looking whether two hosts share a disk: one writes a file named after the migration
 * and its owner's epoch beside it, the other looks for that. Beside the disk itself: a link in a
 * shared directory may lead to each host's own file, so links are followed first, on both sides.
 */
public final class SharedProof {
  static final String PREFIX = ".godwit-shared-";

  /** A server that died between its looks leaves a proof behind; nobody needs it that long. */
  private static final Duration STALE = Duration.ofMinutes(2);

  private final FileSystem system;
  private final Path notes;
  private final Tempo tempo;

  /** Since when the sweeper knows of a note: wall clocks jump. */
  private final Map<Path, Long> knownSinceNanos = new HashMap<>();

  /**
   * Proofs of this host.
   *
   * @param notes a directory of the agent's own, where it notes which it wrote and where
   */
  public SharedProof(FileSystem system, Path notes, Tempo tempo) {
    this.system = system;
    this.notes = notes;
    this.tempo = tempo;
  }

  /** As {@link #write}; a refusal when the agent's own disk does not take its note. */
  public Answer<List<String>> prove(ProofId id, List<String> disks) {
    return unlessTrouble(id, () -> write(id, disks));
  }

  /** As {@link #clear}; a refusal when the files cannot be removed. */
  public Answer<List<String>> unprove(ProofId id) {
    return unlessTrouble(
        id,
        () -> {
          clear(id);
          return List.of();
        });
  }

  private static Answer<List<String>> unlessTrouble(ProofId id, Supplier<List<String>> work) {
    try {
      return new Answer.Given<>(work.get());
    } catch (FileTrouble e) {
      return new Answer.Refused<>(
          new Refusal(
              "marker",
              id.toString(),
              "a marker beside each disk",
              "" + e.getMessage(),
              "Look at the disk's directory."));
    }
  }

  /** Writes the file beside each disk; the disks for which that worked. */
  public List<String> write(ProofId id, List<String> disks) {
    List<String> marked = new ArrayList<>();
    Set<String> proofs = new LinkedHashSet<>();
    disks.forEach(disk -> {
      proofs.add(system.getPath(disk).resolveSibling(PREFIX + id).toString());
      beside(disk, id).map(Path::toString).ifPresent(proofs::add);
    });
    try {
      Durable.directories(notes);
      Durable.write(
          note(id),
          notes.resolve(id + ".new"),
          String.join("\n", proofs).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new FileTrouble("%s: %s".formatted(note(id), e.getMessage()));
    }
    for (String disk : disks) {
      Optional<Path> proof = beside(disk, id);
      try {
        if (proof.isPresent()) {
          Files.writeString(proof.get(), id.toString());
          marked.add(disk);
        }
      } catch (IOException e) {
        // A directory that takes no file cannot be proven to be shared, so its disks are copied.
      }
    }
    return marked;
  }

  /** The proof of a file's name; empty when Godwit names none so. */
  static Optional<ProofId> named(String name) {
    try {
      return name.startsWith(PREFIX)
          ? Optional.of(ProofId.of(name.substring(PREFIX.length())))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private Path note(ProofId id) {
    return notes.resolve(id.toString());
  }

  /** Removes the files; a repeat finds nothing. */
  public void clear(ProofId id) {
    clear(note(id));
  }

  private void clear(Path note) {
    try {
      for (String proof : Files.readAllLines(note)) {
        Path file = system.getPath(proof);
        Places.delete(file);
        Places.force(Places.parent(file));
        Places.removeLeftEmpty(Places.parent(file));
      }
      Files.deleteIfExists(note);
    } catch (NoSuchFileException e) {
      // None was written, or all are gone.
    } catch (IOException e) {
      throw new FileTrouble("%s: %s".formatted(note, e.getMessage()));
    }
  }

  /** Removes those that nobody asked to remove in time; called again and again by one thread. */
  public void sweep() {
    List<Path> all = notes();
    knownSinceNanos.keySet().retainAll(all);
    long now = tempo.nanoTime();
    for (Path note : all) {
      if (now - knownSinceNanos.computeIfAbsent(note, _ -> now) >= STALE.toNanos()) {
        clear(note);
      }
    }
  }

  private List<Path> notes() {
    if (!Files.isDirectory(notes)) {
      return List.of();
    }
    List<Path> all = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(notes)) {
      found.forEach(all::add);
      return all;
    } catch (IOException | DirectoryIteratorException e) {
      throw new FileTrouble("%s: %s".formatted(notes, e.getMessage()));
    }
  }

  /** The disks beside which the other host's file is seen here. */
  public List<String> seen(ProofId id, List<String> disks) {
    return disks.stream().filter(disk -> seen(id, disk)).toList();
  }

  private boolean seen(ProofId id, String disk) {
    Optional<Path> proof = beside(disk, id);
    try {
      return proof.isPresent()
          && Files.readString(proof.get(), StandardCharsets.UTF_8).equals(id.toString());
    } catch (IOException e) {
      return false;
    }
  }

  /** Empty when the disk itself is not there: then this host shares nothing. */
  private Optional<Path> beside(String disk, ProofId id) {
    try {
      return Optional.of(system.getPath(disk).toRealPath().resolveSibling(PREFIX + id));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
