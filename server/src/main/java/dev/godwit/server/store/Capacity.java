package dev.godwit.server.store;

import dev.godwit.core.model.HostName;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** Memory that is taken on hosts: by the instances recorded there and by claims of moves to it. */
final class Capacity {
  private static final String USES =
      """
      (SELECT host, memory_mib FROM instances WHERE vm_state <> 'DELETED' AND host IS NOT NULL
       UNION ALL SELECT host, memory_mib FROM claims) AS uses
      """;

  private Capacity() {}

  /** MiB by host; a host without any is not in it. */
  static Map<HostName, Long> takenMib(Handle handle) {
    return handle
        .createQuery("SELECT host, SUM(memory_mib) AS taken FROM " + USES + " GROUP BY host")
        .map((rs, context) -> Map.entry(new HostName(rs.getString("host")), rs.getLong("taken")))
        .list()
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** MiB on one host. */
  static long takenMib(Handle handle, HostName host) {
    return handle
        .createQuery(
            "SELECT COALESCE(SUM(memory_mib), 0) FROM " + USES + " WHERE uses.host = :host")
        .bind("host", host.value())
        .mapTo(Long.class)
        .one();
  }
}
