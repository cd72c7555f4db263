package dev.godwit.server.store;

import dev.godwit.core.model.HostName;
import dev.godwit.core.model.Resources;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Memory and vCPUs that are taken on hosts: by the instances recorded there and by claims of moves
 * to it.
 */
final class Capacity {
  private static final String USES =
      """
      (SELECT host, memory_mib, vcpus FROM instances WHERE vm_state <> 'DELETED' AND host IS NOT NULL
       UNION ALL SELECT host, memory_mib, vcpus FROM claims) AS uses
      """;

  private Capacity() {}

  /** Rolls the caller's transaction back. */
  static final class NoRoom extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final Moved missing;

    NoRoom(Moved missing) {
      this.missing = missing;
    }
  }

  /** Whoever takes something of a host has its row first; what others took is seen then. */
  static void lock(Handle handle, HostName host) {
    handle
        .sql("UPDATE hosts SET number = number WHERE name = :name")
        .bind("name", host.value())
        .execute();
  }

  /** By host; a host without any is not in it. */
  static Map<HostName, Resources> taken(Handle handle) {
    return handle
        .sql(
            "SELECT host, SUM(memory_mib) AS memory, SUM(vcpus) AS vcpus FROM "
                + USES
                + " GROUP BY host")
        .all(row ->
            Map.entry(
                new HostName(row.text("host")),
                new Resources(row.number("memory"), row.number("vcpus"))))
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** On one host. */
  static Resources taken(Handle handle, HostName host) {
    return handle
        .sql(
            "SELECT COALESCE(SUM(memory_mib), 0) AS memory, COALESCE(SUM(vcpus), 0) AS vcpus FROM "
                + USES
                + " WHERE uses.host IN (:host)")
        .bind("host", host.value())
        .one(row -> new Resources(row.number("memory"), row.number("vcpus")));
  }

  /**
   * Looks, after something was taken, whether it was there to take. Nobody else takes anything
   * there until the caller's transaction ends.
   *
   * @param all what may be taken on the host
   * @throws NoRoom when it was not
   */
  static void check(Handle handle, HostName host, Resources all) {
    lock(handle, host);
    Resources left = all.minus(taken(handle, host));
    if (left.memoryMib() < 0) {
      throw new NoRoom(Moved.NO_MEMORY);
    }
    if (left.vcpus() < 0) {
      throw new NoRoom(Moved.NO_VCPUS);
    }
  }
}
