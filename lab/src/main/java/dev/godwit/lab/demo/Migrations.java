package dev.godwit.lab.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.cli.client.ApiClient;
import dev.godwit.cli.client.ApiFailure;
import dev.godwit.cli.client.EventStream;
import dev.godwit.cli.client.Sample;
import dev.godwit.lab.host.Await;
import dev.godwit.lab.host.LabFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Asks for moves and follows them, as any client of the API would. */
public final class Migrations {
  private static final Duration LOOK = Duration.ofSeconds(2);
  private static final Duration END = Duration.ofSeconds(60);
  private static final int TRIES = 100;
  private static final Duration REST = Duration.ofMillis(20);

  private final ApiClient api;

  public Migrations(ApiClient api) {
    this.api = api;
  }

  /** What is told of a migration while it is followed. */
  public interface Witness {
    void migration(MigrationView now);

    void sample(Sample now);
  }

  /** Asks for a live migration of a server to a host; returns as soon as that is accepted. */
  public void ask(String server, String host) {
    var body = api.object();
    body.putObject("os-migrateLive").put("host", host).put("block_migration", "auto");
    JsonNode _ = api.post("/v2.1/servers/" + server + "/action", body);
  }

  /** Number of the newest migration of a server, 0 when there was none. */
  public long newest(String server) {
    return latest(server).map(MigrationView::number).orElse(0L);
  }

  /** The migration that followed a number. */
  public MigrationView after(String server, long number) {
    for (int i = 0; i < TRIES; i++) {
      Optional<MigrationView> latest = latest(server).filter(it -> it.number() > number);
      if (latest.isPresent()) {
        return latest.get();
      }
      Await.rest("a migration", REST);
    }
    throw new LabFailure(
        "a move of server %s was accepted, but no migration newer than number %d came of it; see the server's log"
            .formatted(server, number));
  }

  private Optional<MigrationView> latest(String server) {
    MigrationView latest = null;
    for (JsonNode each : api.get("/godwit/v1/migrations?instance=" + server).path("migrations")) {
      MigrationView view = new MigrationView(each);
      if (latest == null || view.number() > latest.number()) {
        latest = view;
      }
    }
    return Optional.ofNullable(latest);
  }

  /** A migration by UUID, with its journal, observations and samples. */
  public MigrationView show(String id) {
    return new MigrationView(api.get("/godwit/v1/migrations/" + id));
  }

  /** Asks for the end of a move that is under way. */
  public void abort(String server, long number) {
    api.delete("/v2.1/servers/" + server + "/migrations/" + number);
  }

  /** Follows to the end; {@link LabFailure} when there is none within the deadline. */
  public MigrationView follow(MigrationView started, Duration deadline, Witness witness) {
    long end = System.nanoTime() + deadline.toNanos();
    MigrationView now = started;
    while (!now.ended()) {
      try (EventStream events = api.events("/godwit/v1/migrations/" + now.id() + "/events")) {
        pass(events, end, witness);
      } catch (IOException e) {
        // A stream that breaks is one that ended: the migration itself is asked for.
      }
      now = show(now.id());
      if (!now.ended() && System.nanoTime() > end) {
        throw new LabFailure(
            "migration %d did not end within %d s: it is %s%s"
                .formatted(
                    now.number(),
                    deadline.toSeconds(),
                    now.phase(),
                    now.why().map(why -> " (" + why + ")").orElse("")));
      }
    }
    return show(now.id());
  }

  private static void pass(EventStream events, long end, Witness witness) throws IOException {
    while (System.nanoTime() < end) {
      Optional<EventStream.Event> event = events.next(LOOK);
      if (event.isEmpty()) {
        return;
      }
      switch (event.get().name()) {
        case "migration" -> witness.migration(new MigrationView(event.get().data()));
        case "sample" -> witness.sample(new Sample(event.get().data()));
        case "end" -> {
          return;
        }
        default -> {
          // An event of a newer server: not for this client.
        }
      }
    }
  }

  /** Has a server's move that is under way aborted, and waits until it is over. */
  void endAll(String server) {
    Optional<MigrationView> latest = latest(server).filter(it -> !it.ended());
    if (latest.isPresent()) {
      try {
        abort(server, latest.get().number());
      } catch (ApiFailure tooLate) {
        // Past the commit it goes on to its end, which is as good here.
      }
      Await.until(
          "migration " + latest.get().number() + " to end",
          END,
          () -> latest(server).map(MigrationView::ended).orElse(true));
    }
  }
}
