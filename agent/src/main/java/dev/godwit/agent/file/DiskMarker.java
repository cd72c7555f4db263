package dev.godwit.agent.file;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.godwit.agent.disk.Durable;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whose a disk is, in a small file beside it. Godwit removes no disk without its own marker.
 *
 * @param instance the disk's instance
 * @param maker who is making this disk and is not done: a migration's id, or a host where the
 *     instance is being created; empty for a disk that is the instance's own
 * @param madeDirectory the disk's directory was made for it and goes with it
 */
public record DiskMarker(
    @JsonProperty("instance") String instance,
    @JsonProperty("maker") String maker,
    @JsonProperty("made_directory") boolean madeDirectory) {
  private static final String SUFFIX = ".godwit";
  private static final String ON_HOST = "host ";
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .build();
  private static final ObjectReader READER = JSON.readerFor(DiskMarker.class);
  private static final ObjectWriter WRITER = JSON.writerFor(DiskMarker.class);

  /** A disk that belongs to its instance. */
  public static DiskMarker own(InstanceId instance, boolean madeDirectory) {
    return new DiskMarker(instance.toString(), "", madeDirectory);
  }

  /** A disk that a migration is making. */
  public static DiskMarker arriving(
      InstanceId instance, MigrationId migration, boolean madeDirectory) {
    return new DiskMarker(instance.toString(), migration.toString(), madeDirectory);
  }

  /** A disk of an instance that is being created on a host. */
  public static DiskMarker beingCreated(InstanceId instance, HostName host, boolean madeDirectory) {
    return new DiskMarker(instance.toString(), ON_HOST + host, madeDirectory);
  }

  /** True when it is that instance's. */
  public boolean of(InstanceId id) {
    return instance.equals(id.toString());
  }

  /** True when that migration is making it. */
  public boolean madeBy(MigrationId id) {
    return maker.equals(id.toString());
  }

  /** True when some migration is, or was, making it. */
  public boolean arriving() {
    return !maker.isEmpty() && !maker.startsWith(ON_HOST);
  }

  /** True when its instance is being created on that host, or was when something broke. */
  public boolean beingCreatedOn(HostName host) {
    return maker.equals(ON_HOST + host);
  }

  /** True when it is finished and its instance's own. */
  public boolean owned() {
    return maker.isEmpty();
  }

  /** Where the marker of a disk is. */
  public static Path beside(Path disk) {
    return disk.resolveSibling(disk.getFileName() + SUFFIX);
  }

  /** The disk of a marker. */
  static Path disk(Path marker) {
    String name = String.valueOf(marker.getFileName());
    return marker.resolveSibling(name.substring(0, name.length() - SUFFIX.length()));
  }

  /** Where a marker is written before it is put in its place; a crash may leave it there. */
  static Path unfinished(Path disk) {
    Path marker = beside(disk);
    return marker.resolveSibling(marker.getFileName() + ".new");
  }

  /** The marker of a disk; a broken one is {@link FileTrouble}. */
  public static Optional<DiskMarker> of(Path disk) {
    Path file = beside(disk);
    try {
      return Optional.of(READER.readValue(Files.readAllBytes(file)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new FileTrouble("%s: expected a marker: %s".formatted(file, e.getMessage()));
    }
  }

  /** Puts this marker beside the disk, whole or not at all; on disk when it returns. */
  public void put(Path disk) {
    Path file = beside(disk);
    Path fresh = unfinished(disk);
    try {
      Durable.write(file, fresh, WRITER.writeValueAsBytes(this));
    } catch (IOException e) {
      throw new FileTrouble("%s: %s".formatted(file, e.getMessage()));
    }
  }
}
