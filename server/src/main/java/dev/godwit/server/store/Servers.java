package dev.godwit.server.store;

import java.util.List;

/**
 * The servers that share the database. Each start of one is an incarnation, which owns migrations
 * and tasks as long as it is listed here; its beat is its lease on all of them.
 */
public final class Servers {
  private final Database database;

  public Servers(Database database) {
    this.database = database;
  }

  /** One that is listed, and how often it renewed its lease. */
  public record Beat(String incarnation, String name, long beat) {}

  /**
   * True when no living process but this one has the name: it is held from now on, as long as the
   * database's session lasts, and may be asked for again and again.
   */
  public boolean holdName(String name) {
    return database.holdName(name);
  }

  /** Ends the sessions of a process that holds the name and stands still. */
  public void evictName(String name) {
    database.evictName(name);
  }

  /** Lists this one, in place of earlier incarnations of its name, which live no more. */
  public void join(String incarnation, String name) {
    database.changing(handle -> {
      handle
          .sql("DELETE FROM servers WHERE name = :name OR :alone = 1")
          .bind("name", name)
          // With the file's lock in hand, every other one is dead, whatever its name.
          .bind("alone", database.alone() ? 1 : 0)
          .execute();
      handle
          .sql("INSERT INTO servers (incarnation, name, beat) VALUES (:incarnation, :name, 1)")
          .bind("incarnation", incarnation)
          .bind("name", name)
          .execute();
    });
  }

  /** Renews the lease; all that are listed then, of which this one is none when it owns nothing. */
  public List<Beat> beat(String incarnation) {
    return database.change(handle -> {
      handle
          .sql("UPDATE servers SET beat = beat + 1 WHERE incarnation = :incarnation")
          .bind("incarnation", incarnation)
          .execute();
      return all(handle);
    });
  }

  /** All that are listed. */
  public List<Beat> all() {
    return database.read(Servers::all);
  }

  private static List<Beat> all(Handle handle) {
    return handle
        .sql("SELECT incarnation, name, beat FROM servers ORDER BY incarnation")
        .all(row -> new Beat(row.text("incarnation"), row.text("name"), row.number("beat")));
  }

  /** Strikes one off that has not renewed its lease since it was seen so; false when it has. */
  public boolean strikeOff(Beat seen) {
    return database.change(handle ->
        handle
                .sql("DELETE FROM servers WHERE incarnation = :incarnation AND beat = :beat")
                .bind("incarnation", seen.incarnation())
                .bind("beat", seen.beat())
                .execute()
            == 1);
  }

  /** What this one owned may be taken at once. */
  public void leave(String incarnation) {
    database.changing(handle ->
        handle
            .sql("DELETE FROM servers WHERE incarnation = :incarnation")
            .bind("incarnation", incarnation)
            .execute());
  }
}
