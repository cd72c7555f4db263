package dev.godwit.server.store;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.plan.DestinationFacts;
import dev.godwit.core.migration.plan.DiskClaim;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.MigrationSample;
import dev.godwit.core.model.Resources;
import java.util.List;
import java.util.Map;

/**
 * What a move claims of its destination from its plan on: memory and vCPUs, and the room that its
 * copies have yet to take. All in the transaction of whoever calls.
 */
final class Claims {
  private Claims() {}

  /**
   * Claims what the plan needs.
   *
   * @param all memory and vCPUs that may be taken on the host
   * @throws Capacity.NoRoom when others left too little
   */
  static void make(Handle handle, Migration planned, Resources all, List<DiskClaim> disks) {
    HostName host = planned.destination();
    handle
        .sql(
            """
            INSERT INTO claims (migration_id, host, memory_mib, vcpus)
            SELECT :id, :host, memory_mib, vcpus FROM instances WHERE id = :instance
            """)
        .bind("id", planned.id().toString())
        .bind("host", host.value())
        .bind("instance", planned.instance().toString())
        .execute();
    Capacity.check(handle, host, all);
    disks.forEach(disk -> insert(handle, planned.id(), host, disk));
    Map<String, Long> claimed = bytes(handle).getOrDefault(host, Map.of());
    for (DiskClaim disk : disks) {
      DestinationFacts.Room room = disk.room();
      if (claimed.getOrDefault(room.fileSystem(), 0L) > room.freeBytes()) {
        throw new Capacity.NoRoom(Moved.NO_DISK_ROOM);
      }
    }
  }

  private static void insert(Handle handle, MigrationId id, HostName host, DiskClaim disk) {
    handle
        .sql(
            """
            INSERT INTO disk_claims (migration_id, target, host, file_system, bytes)
            VALUES (:id, :target, :host, :fileSystem, :bytes)
            """)
        .bind("id", id.toString())
        .bind("target", disk.target())
        .bind("host", host.value())
        .bind("fileSystem", disk.room().fileSystem())
        .bind("bytes", disk.bytes())
        .execute();
  }

  private record Claimed(HostName host, String fileSystem, long bytes) {}

  /** Bytes that moves have yet to write, by host and file system. */
  static Map<HostName, Map<String, Long>> bytes(Handle handle) {
    return handle
        .sql(
            """
            SELECT host, file_system, SUM(bytes) AS bytes FROM disk_claims
            GROUP BY host, file_system
            """)
        .all(row ->
            new Claimed(
                new HostName(row.text("host")), row.text("file_system"), row.number("bytes")))
        .stream()
        .collect(groupingBy(Claimed::host, toMap(Claimed::fileSystem, Claimed::bytes)));
  }

  /**
   * What is written is no longer free: the claim is for the rest only. It never grows again. QEMU
   * counts the holes of a raw disk, too, so that its claim falls late, and never too early.
   */
  static void lower(Handle handle, MigrationId id, MigrationSample sample) {
    sample
        .disks()
        .byTarget()
        .forEach((target, disk) ->
            handle
                .sql(
                    """
                    UPDATE disk_claims SET bytes = :bytes
                    WHERE migration_id = :id AND target = :target AND bytes > :bytes
                    """)
                .bind("bytes", disk.remainingBytes())
                .bind("id", id.toString())
                .bind("target", target)
                .execute());
  }

  /** Nothing is claimed any more: it is in use, or was given up. */
  static void release(Handle handle, MigrationId id) {
    for (String table : List.of("claims", "disk_claims")) {
      handle
          .sql("DELETE FROM " + table + " WHERE migration_id IN (:id)")
          .bind("id", id.toString())
          .execute();
    }
  }
}
