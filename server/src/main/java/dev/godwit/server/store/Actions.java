package dev.godwit.server.store;

import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What was asked of instances, and what came of it (os-instance-actions). */
public final class Actions {
  private final Database database;

  public Actions(Database database) {
    this.database = database;
  }

  /** One thing that was asked. */
  public record Action(
      String requestId,
      InstanceId instance,
      String action,
      Instance.Owner by,
      Instant startedAt,
      Instant updatedAt,
      Optional<String> message) {}

  /** One part of carrying it out. */
  public record Event(
      String event,
      Optional<HostName> host,
      Instant startedAt,
      Optional<Instant> finishedAt,
      Optional<String> result,
      Optional<String> details) {}

  /** Records what is asked. */
  public void begin(
      String requestId, InstanceId instance, String action, Instance.Owner by, Instant now) {
    database.changing(handle -> begin(handle, requestId, instance, action, by, now));
  }

  static void begin(
      Handle handle,
      String requestId,
      InstanceId instance,
      String action,
      Instance.Owner by,
      Instant now) {
    handle
        .sql(
            """
            INSERT INTO actions (request_id, instance_id, action, user_id, project_id, started_at,
              updated_at)
            VALUES (:request, :instance, :action, :user, :project, :now, :now)
            ON CONFLICT (request_id) DO NOTHING
            """)
        .bind("request", requestId)
        .bind("instance", instance.toString())
        .bind("action", action)
        .bind("user", by.userId())
        .bind("project", by.projectId())
        .bind("now", Micros.of(now))
        .execute();
  }

  /** Records a part that is over. */
  public void event(String requestId, Event event) {
    database.changing(handle -> event(handle, requestId, event));
  }

  static void event(Handle handle, String requestId, Event event) {
    boolean failed = event.result().equals(Optional.of("Error"));
    // First, so that others wait for this row, and then find the next number free.
    handle
        .sql(
            """
            UPDATE actions SET updated_at = :now,
              message = CASE WHEN :failed = 1 THEN 'Error' ELSE message END
            WHERE request_id = :request
            """)
        .bind("now", Micros.of(event.finishedAt().orElse(event.startedAt())))
        .bind("failed", failed ? 1 : 0)
        .bind("request", requestId)
        .execute();
    handle
        .sql(
            """
            INSERT INTO action_events (request_id, seq, event, host, started_at, finished_at, result,
              details)
            SELECT :request, COALESCE(MAX(seq), 0) + 1, :event, :host, :started, :finished, :result,
              :details
            FROM action_events WHERE request_id IN (:request)
            """)
        .bind("request", requestId)
        .bind("event", event.event())
        .bind("host", event.host().map(HostName::value).orElse(null))
        .bind("started", Micros.of(event.startedAt()))
        .bind("finished", event.finishedAt().map(Micros::of).orElse(null))
        .bind("result", event.result().orElse(null))
        .bind("details", event.details().orElse(null))
        .execute();
  }

  /** Those of an instance, newest first. */
  public List<Action> of(InstanceId instance) {
    return database.read(handle ->
        handle
            .sql(
                "SELECT * FROM actions WHERE instance_id IN (:id) ORDER BY started_at DESC, request_id")
            .bind("id", instance.toString())
            .all(row ->
                new Action(
                    row.text("request_id"),
                    InstanceId.of(row.text("instance_id")),
                    row.text("action"),
                    new Instance.Owner(row.text("project_id"), row.text("user_id")),
                    row.instant("started_at"),
                    row.instant("updated_at"),
                    row.optional("message"))));
  }

  /** The parts of one, in order. */
  public List<Event> events(String requestId) {
    return database.read(handle ->
        handle
            .sql("SELECT * FROM action_events WHERE request_id IN (:id) ORDER BY seq")
            .bind("id", requestId)
            .all(row ->
                new Event(
                    row.text("event"),
                    row.optional("host").map(HostName::new),
                    row.instant("started_at"),
                    row.optionalInstant("finished_at"),
                    row.optional("result"),
                    row.optional("details"))));
  }
}
