package dev.godwit.server.store;

import dev.godwit.core.model.HostName;
import dev.godwit.core.model.Resources;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

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
        .createUpdate("UPDATE hosts SET number = number WHERE name = :name")
        .bind("name", host.value())
        .execute();
  }

  /** By host; a host without any is not in it. */
  static Map<HostName, Resources> taken(Handle handle) {
    return handle
        .createQuery(
            "SELECT host, SUM(memory_mib) AS memory, SUM(vcpus) AS vcpus FROM "
                + USES
                + " GROUP BY host")
        .map((rs, context) ->
            Map.entry(
                new HostName(rs.getString("host")),
                new Resources(rs.getLong("memory"), rs.getLong("vcpus"))))
        .list()
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** On one host. */
  static Resources taken(Handle handle, HostName host) {
    return handle
        .createQuery(
            "SELECT COALESCE(SUM(memory_mib), 0) AS memory, COALESCE(SUM(vcpus), 0) AS vcpus FROM "
                + USES
                + " WHERE uses.host = :host")
        .bind("host", host.value())
        .map((rs, context) -> new Resources(rs.getLong("memory"), rs.getLong("vcpus")))
        .one();
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
