package dev.godwit.server.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.MigrationSample;
import dev.godwit.server.api.view.CopyView;
import dev.godwit.server.conductor.Conductor;
import dev.godwit.server.conductor.Samples;
import dev.godwit.server.store.DatabaseTrouble;
import dev.godwit.server.store.MigrationRow;
import dev.godwit.server.store.Migrations;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A migration as it happens, as server-sent events. */
final class EventsApi {
  private static final Duration SAMPLE_EACH = Duration.ofMillis(250);
  private static final Duration HEARTBEAT = Duration.ofSeconds(10);

  /**
   * Changes by other servers are seen by looking: every second time that samples are looked for.
   */
  private static final int LOOK_EACH = 2;

  private final GodwitApi godwit;
  private final Migrations migrations;
  private final Samples samples;
  private final Conductor conductor;

  EventsApi(GodwitApi godwit, Migrations migrations, Samples samples, Conductor conductor) {
    this.godwit = godwit;
    this.migrations = migrations;
    this.samples = samples;
    this.conductor = conductor;
  }

  /** Writes until the migration is over or the client is gone. */
  void stream(MigrationRow row, OutputStream out) throws IOException, InterruptedException {
    MigrationId id = row.migration().id();
    Semaphore changed = new Semaphore(1);
    Runnable stop =
        conductor.listen(other -> {
          if (other.equals(id)) {
            changed.release();
          }
        });
    try {
      write(id, changed, out);
    } finally {
      stop.run();
    }
  }

  private void write(MigrationId id, Semaphore changed, OutputStream out)
      throws IOException, InterruptedException {
    Optional<MigrationSample> last = Optional.empty();
    Optional<Object> told = Optional.empty();
    long silentSince = System.nanoTime();
    for (long i = 0; ; i++) {
      boolean news = changed.tryAcquire(SAMPLE_EACH.toMillis(), TimeUnit.MILLISECONDS);
      changed.drainPermits();
      boolean wrote = false;
      if (news || i % LOOK_EACH == 0) {
        Optional<Object> state = state(id);
        if (state.isPresent() && (news || !state.equals(told))) {
          told = state;
          wrote = true;
          if (tell(id, out)) {
            return;
          }
        }
      }
      Optional<MigrationSample> newest = samples.latest(id);
      if (newest.isPresent() && !newest.equals(last)) {
        last = newest;
        send(out, "sample", CopyView.sample(newest.get()));
        wrote = true;
      }
      if (wrote) {
        silentSince = System.nanoTime();
      } else if (System.nanoTime() - silentSince > HEARTBEAT.toNanos()) {
        out.write(": still here\n\n".getBytes(StandardCharsets.UTF_8));
        out.flush();
        silentSince = System.nanoTime();
      }
    }
  }

  /** Empty while the database is away: then there is no news. */
  private Optional<Object> state(MigrationId id) {
    try {
      return migrations.state(id);
    } catch (DatabaseTrouble e) {
      return Optional.empty();
    }
  }

  /** True when that was all. */
  private boolean tell(MigrationId id, OutputStream out) throws IOException {
    MigrationRow now = migrations.find(id).orElseThrow();
    ObjectNode view = godwit.brief(now);
    send(out, "migration", view);
    boolean over = now.over();
    if (over) {
      send(out, "end", view);
    }
    return over;
  }

  private static void send(OutputStream out, String event, ObjectNode data) throws IOException {
    out.write("event: %s\ndata: %s\n\n".formatted(event, data).getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
