package dev.godwit.cli;

import dev.godwit.cli.client.EventStream;
import dev.godwit.cli.client.EventStream.Event;
import dev.godwit.cli.client.Sample;
import dev.godwit.cli.client.Units;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Follows a migration to its end: by its stream of events, opened again when it breaks, and by
 * asking when streams do not work. Gives up only when the API stays away for the whole grace.
 */
final class Follower {
  private static final int STREAMS_WITHOUT_EVENTS = 3;

  /** How often to ask, and how long the API may stay away. */
  record Pace(Duration interval, Duration grace) {
    static final Pace USUAL = new Pace(Duration.ofSeconds(1), Duration.ofMinutes(2));
  }

  private final Api api;
  private final Progress progress;
  private final Pace pace;
  private int streamsLeft = STREAMS_WITHOUT_EVENTS;
  private long heardNanos = System.nanoTime();
  private boolean away;
  private boolean copyOver;

  Follower(Api api, Progress progress, Pace pace) {
    this.api = api;
    this.progress = progress;
    this.pace = pace;
  }

  /** Shows it until it ends; what it then is. */
  Migration follow(Migration started) {
    Migration latest = started;
    show(latest);
    while (!latest.ended()) {
      Optional<Migration> end = streamsLeft > 0 ? stream(latest) : Optional.empty();
      latest = end.isPresent() ? end.get() : ask(latest);
    }
    progress.end(latest);
    return latest;
  }

  private Optional<Migration> stream(Migration migration) {
    streamsLeft--;
    try (EventStream events = api.events(task(migration), path(migration) + "/events")) {
      Optional<Event> event = events.next();
      while (event.isPresent()) {
        heard();
        streamsLeft = STREAMS_WITHOUT_EVENTS;
        switch (event.get().name()) {
          case "migration" -> show(new Migration(event.get().data()));
          case "sample" -> show(new Sample(event.get().data()));
          case "end" -> {
            return Optional.of(new Migration(event.get().data())).filter(Migration::ended);
          }
          default -> {
            // An event of a newer server: not for this client.
          }
        }
        event = events.next();
      }
    } catch (IOException e) {
      // The same as a stream that ended without saying so: ask, then open it again.
    } catch (CommandFailure e) {
      if (e.exitCode() == ExitCodes.UNAUTHORIZED) {
        throw e;
      }
    }
    return Optional.empty();
  }

  private void show(Migration migration) {
    copyOver = migration.copyOver();
    progress.migration(migration);
  }

  private void show(Sample sample) {
    if (!copyOver) {
      progress.sample(sample);
    }
  }

  private Migration ask(Migration last) {
    Migration now = last;
    try {
      now = new Migration(api.get(task(last), path(last)));
      heard();
      show(now);
      now.sample().ifPresent(this::show);
    } catch (CommandFailure e) {
      if (e.exitCode() != ExitCodes.UNREACHABLE && e.exitCode() != ExitCodes.FAILED) {
        throw e;
      }
      awayOrLost(last, e);
    }
    if (!now.ended()) {
      rest();
    }
    return now;
  }

  private void awayOrLost(Migration last, CommandFailure cause) {
    if (System.nanoTime() - heardNanos > pace.grace().toNanos()) {
      throw new CommandFailure(
          cause.exitCode(),
          "Lost sight of migration " + last.number() + " of " + last.guest() + ".",
          cause.why() + ", for " + Units.time(pace.grace()),
          "The move goes on or is undone without this command; look again with 'godwit migration"
              + " show "
              + last.number()
              + "'.");
    }
    if (!away) {
      away = true;
      progress.note("The API does not answer (" + cause.why() + "); trying again.");
    }
  }

  private void heard() {
    heardNanos = System.nanoTime();
    if (away) {
      away = false;
      streamsLeft = STREAMS_WITHOUT_EVENTS;
      progress.note("The API answers again.");
    }
  }

  private void rest() {
    try {
      Thread.sleep(pace.interval());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(
          ExitCodes.FAILED, "The command was interrupted.", "", "The move goes on without it.");
    }
  }

  private static String task(Migration migration) {
    return "follow migration " + migration.number();
  }

  private static String path(Migration migration) {
    return "/godwit/v1/migrations/" + migration.id();
  }
}
