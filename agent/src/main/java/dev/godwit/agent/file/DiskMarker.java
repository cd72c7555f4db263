package dev.godwit.agent.file;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Whose a disk is, in a small file beside it. Godwit removes no disk without its own marker.
 *
 * @param instance the disk's instance
 * @param migration the migration that made this copy and does not own it yet; empty for a disk that
 *     is the instance's own
 * @param madeDirectory the disk's directory was made for it and goes with it
 */
public record DiskMarker(
    @JsonProperty("instance") String instance,
    @JsonProperty("migration") String migration,
    @JsonProperty("made_directory") boolean madeDirectory) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A disk that belongs to its instance. */
  public static DiskMarker own(InstanceId instance, boolean madeDirectory) {
    return new DiskMarker(instance.toString(), "", madeDirectory);
  }

  /** A disk that a migration is making. */
  public static DiskMarker arriving(
      InstanceId instance, MigrationId migration, boolean madeDirectory) {
    return new DiskMarker(instance.toString(), migration.toString(), madeDirectory);
  }

  /** True when it is that instance's. */
  public boolean of(InstanceId id) {
    return instance.equals(id.toString());
  }

  /** True when that migration is making it. */
  public boolean madeBy(MigrationId id) {
    return migration.equals(id.toString());
  }

  /** True when some migration is, or was, making it. */
  public boolean arriving() {
    return !migration.isEmpty();
  }

  /** Where the marker of a disk is. */
  public static Path beside(Path disk) {
    return disk.resolveSibling(disk.getFileName() + ".godwit");
  }

  /** The marker of a disk; a broken one is {@link FileTrouble}. */
  public static Optional<DiskMarker> of(Path disk) {
    Path file = beside(disk);
    try {
      return Optional.of(JSON.readValue(Files.readAllBytes(file), DiskMarker.class));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new FileTrouble("%s: expected a marker: %s".formatted(file, e.getMessage()));
    }
  }

  /** Puts this marker beside the disk, whole or not at all. */
  public void put(Path disk) {
    Path file = beside(disk);
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      try (FileChannel out =
          FileChannel.open(
              fresh,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        out.write(java.nio.ByteBuffer.wrap(JSON.writeValueAsBytes(this)));
        out.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new FileTrouble("%s: %s".formatted(file, e.getMessage()));
    }
  }
}
