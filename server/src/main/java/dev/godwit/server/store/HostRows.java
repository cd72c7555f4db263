package dev.godwit.server.store;

import dev.godwit.core.model.HostInventory;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.Resources;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hosts, and what is claimed of them. */
public final class HostRows {
  private static final Logger LOG = LoggerFactory.getLogger(HostRows.class);

  private final Database database;
  private final Supplier<UUID> ids;

  /** What each host's inventory was last, so that not every look at it reads its text anew. */
  private final Map<String, Read> last = new ConcurrentHashMap<>();

  private final OneByOne<String> each = OneByOne.telling(HostRows::tell);

  private record Read(String text, HostInventory inventory) {}

  /**
   * The records of that database.
   *
   * @param ids names what is new
   */
  public HostRows(Database database, Supplier<UUID> ids) {
    this.ids = ids;
    this.database = database;
  }

  /**
   * Records an announcement, which ends a fence; a host keeps its identities for ever.
   *
   * @param another true for a row of another machine under the name
   * @return that row; nothing is recorded then
   */
  public Optional<HostRow> announced(
      HostInventory inventory, Predicate<HostRow> another, Instant now) {
    return database.change(handle -> {
      // Of two machines that announce themselves under the name at once, one comes second.
      Optional<HostRow> row = locked(handle, inventory.host());
      if (row.isEmpty()) {
        if (insert(handle, inventory, now)) {
          return Optional.empty();
        }
        row = locked(handle, inventory.host());
      }
      Optional<HostRow> others = row.filter(another);
      if (others.isEmpty()) {
        update(handle, inventory, now);
      }
      return others;
    });
  }

  private Optional<HostRow> locked(Handle handle, HostName host) {
    Capacity.lock(handle, host);
    return find(handle, host);
  }

  private void update(Handle handle, HostInventory inventory, Instant now) {
    handle
        .sql(
            """
            UPDATE hosts SET inventory = :inventory, seen_at = :now,
              fenced_by = NULL, fenced_at = NULL, fence_reason = NULL
            WHERE name = :name
            """)
        .bind("name", inventory.host().value())
        .bind("inventory", text(inventory))
        .bind("now", Micros.of(now))
        .execute();
  }

  /** False when another server recorded one of that name in this moment. */
  private boolean insert(Handle handle, HostInventory inventory, Instant now) {
    return handle
            .sql(
                """
                INSERT INTO hosts (name, number, service_id, hypervisor_id, disabled, forced_down,
                  inventory, seen_at)
                VALUES (:name, :number, :service, :hypervisor, 0, 0, :inventory, :now)
                ON CONFLICT (name) DO NOTHING
                """)
            .bind("name", inventory.host().value())
            .bind("number", Numbers.next(handle, "hosts"))
            .bind("service", ids.get().toString())
            .bind("hypervisor", ids.get().toString())
            .bind("inventory", text(inventory))
            .bind("now", Micros.of(now))
            .execute()
        == 1;
  }

  /** An idle host announces the same again and again. */
  private String text(HostInventory inventory) {
    Read known = last.get(inventory.host().value());
    return known != null && known.inventory.equals(inventory)
        ? known.text
        : StoredJson.text(inventory);
  }

  /** Enables or disables a host; false when there is none. */
  public boolean setEnabled(HostName host, boolean enabled, Optional<String> reason) {
    return database.change(handle ->
        handle
                .sql(
                    "UPDATE hosts SET disabled = :disabled, disabled_reason = :reason WHERE name = :name")
                .bind("disabled", enabled ? 0 : 1)
                .bind("reason", enabled ? null : reason.orElse(null))
                .bind("name", host.value())
                .execute()
            == 1);
  }

  /** Says that a host is down, whatever it announces; false when there is none. */
  public boolean setForcedDown(HostName host, boolean down) {
    return database.change(handle ->
        handle
                .sql("UPDATE hosts SET forced_down = :down WHERE name = :name")
                .bind("down", down ? 1 : 0)
                .bind("name", host.value())
                .execute()
            == 1);
  }

  /**
   * Records that a host is dead, unless a server heard it lately; who said so first stays. What was
   * heard in the future was heard before a clock was set back.
   *
   * @return false when it was heard, or there is no such host
   */
  public boolean fence(HostName host, Fence fence, Instant now, Duration lately) {
    return database.change(handle ->
        handle
                .sql(
                    """
                    UPDATE hosts SET fenced_by = COALESCE(fenced_by, :by),
                      fence_reason = CASE WHEN fenced_at IS NULL THEN :reason ELSE fence_reason END,
                      fenced_at = COALESCE(fenced_at, :since)
                    WHERE name = :name AND (seen_at <= :silent OR seen_at > :ahead)
                    """)
                .bind("by", fence.by())
                .bind("reason", fence.reason().orElse(null))
                .bind("since", Micros.of(fence.since()))
                .bind("silent", Micros.of(now.minus(lately)))
                .bind("ahead", Micros.of(now.plus(lately)))
                .bind("name", host.value())
                .execute()
            == 1);
  }

  /** The hosts that are known dead. */
  public Map<HostName, Fence> fenced() {
    Map<HostName, Fence> fenced = new HashMap<>();
    database
        .read(handle ->
            handle
                .sql(
                    "SELECT name, fenced_by, fenced_at, fence_reason FROM hosts WHERE fenced_at IS NOT NULL")
                .all(row -> Map.entry(new HostName(row.text("name")), fence(row))))
        .forEach(entry -> entry.getValue().ifPresent(fence -> fenced.put(entry.getKey(), fence)));
    return fenced;
  }

  /** All that can be read, in the order of their numbers. */
  public List<HostRow> all() {
    return database
        .read(handle ->
            handle
                .sql("SELECT * FROM hosts ORDER BY number")
                .all(row -> each.attempt(row.text("name"), () -> host(row))))
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  /** The names of all of them. */
  public List<HostName> names() {
    return database.read(
        handle -> handle.sql("SELECT name FROM hosts").all(row -> new HostName(row.text("name"))));
  }

  /** One of them. */
  public Optional<HostRow> find(HostName name) {
    return database.read(handle -> find(handle, name));
  }

  private Optional<HostRow> find(Handle handle, HostName name) {
    return handle
        .sql("SELECT * FROM hosts WHERE name = :name")
        .bind("name", name.value())
        .first(this::host);
  }

  private HostInventory inventory(Row row) {
    String text = row.text("inventory");
    return last.compute(
            row.text("name"),
            (_, known) ->
                known != null && known.text.equals(text)
                    ? known
                    : new Read(text, StoredJson.read(text, HostInventory.class)))
        .inventory;
  }

  private static void tell(String host, RuntimeException why) {
    LOG.atError().addKeyValue("host", host).setCause(why).log("a host is left out");
  }

  private HostRow host(Row row) {
    try {
      return read(row);
    } catch (Unreadable e) {
      throw e.of("host " + row.text("name"));
    }
  }

  private HostRow read(Row row) {
    return new HostRow(
        new HostName(row.text("name")),
        row.number("number"),
        UUID.fromString(row.text("service_id")),
        UUID.fromString(row.text("hypervisor_id")),
        row.truth("disabled"),
        row.optional("disabled_reason"),
        row.truth("forced_down"),
        inventory(row),
        row.instant("seen_at"),
        fence(row));
  }

  private static Optional<Fence> fence(Row row) {
    return row.optional("fenced_by")
        .map(by -> new Fence(by, row.instant("fenced_at"), row.optional("fence_reason")));
  }

  /**
   * True when an instance is recorded there, or a migration that is not over comes from or goes to
   * it.
   */
  public boolean inUse(HostName host) {
    return database.read(handle ->
        handle
                .sql(
                    """
                    SELECT (SELECT COUNT(*) FROM instances WHERE host IN (:host) AND vm_state <> 'DELETED')
                      + (SELECT COUNT(*) FROM migrations
                         WHERE over = 0 AND (source IN (:host) OR destination IN (:host))) AS count
                    """)
                .bind("host", host.value())
                .one(row -> row.number("count"))
            > 0);
  }

  /** What is taken on each host: by the instances recorded there and by claims of moves to it. */
  public Map<HostName, Resources> taken() {
    return database.read(Capacity::taken);
  }

  /** What is taken on one host. */
  public Resources taken(HostName host) {
    return database.read(handle -> Capacity.taken(handle, host));
  }

  /** Bytes that moves have yet to write, by host and file system. */
  public Map<HostName, Map<String, Long>> claimedBytes() {
    return database.read(Claims::bytes);
  }
}
