package dev.godwit.lab.torture;

import dev.godwit.cli.client.ApiClient;
import dev.godwit.cli.client.ApiFailure;
import dev.godwit.cli.client.Sample;
import dev.godwit.lab.demo.DemoGuest;
import dev.godwit.lab.demo.MigrationView;
import dev.godwit.lab.demo.Migrations;
import dev.godwit.lab.host.Await;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Watches one move for the moments at which something is to be done to it. */
final class Lookout {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration OFTEN = Duration.ofMillis(1);
  private static final Duration LOOK_EACH = Duration.ofMillis(25);

  private final Journal journal;
  private final Migrations migrations;
  private final DemoGuest guest;
  private final long before;
  private final Destination destination;

  /**
   * @param before number of the newest migration before this one
   */
  Lookout(Journal journal, ApiClient api, DemoGuest guest, long before, Destination destination) {
    this.journal = journal;
    this.migrations = new Migrations(api);
    this.guest = guest;
    this.before = before;
    this.destination = destination;
  }

  /** The migration's number; it was accepted. */
  long number() {
    return migrations.after(guest.id(), before).number();
  }

  /** Its journal so far. */
  List<Journal.Entry> entries() {
    return journal.after(guest.id(), before);
  }

  /** Nothing follows any more: a move that ended without a dead host is not over. */
  boolean over() {
    List<Journal.Entry> entries = entries();
    return !entries.isEmpty() && entries.getLast().last() && journal.rests(guest.id(), before);
  }

  /** Returns true at the moment, false when the move is over without it. */
  boolean await(Moment moment) {
    return await(moment, this::over);
  }

  /** Returns true at the moment, false when the move has come to an end without it. */
  boolean await(Moment moment, BooleanSupplier ended) {
    return switch (moment) {
      case Moment.Turned() -> true;
      case Moment.Entry entry ->
          await(moment, OFTEN, ended, () -> entries().stream().anyMatch(entry::is));
      case Moment.Copying copying ->
          await(new Moment.Entry("TRANSFER"), ended)
              && await(moment, LOOK_EACH, ended, () -> copied(copying));
      case Moment.Incoming(Duration ago) ->
          await(moment, OFTEN, ended, destination::incoming) && later(moment, ago);
      case Moment.Resumed() -> await(moment, OFTEN, ended, destination::resumed);
    };
  }

  private static boolean await(
      Moment moment, Duration lookEach, BooleanSupplier ended, BooleanSupplier come) {
    boolean[] came = new boolean[1];
    Await.until(
        "the moment " + moment.word(),
        PATIENCE,
        lookEach,
        () -> {
          came[0] = come.getAsBoolean();
          if (came[0] || !ended.getAsBoolean()) {
            return came[0];
          }
          // The last entry of all may have come between both looks.
          came[0] = moment instanceof Moment.Entry && come.getAsBoolean();
          return true;
        });
    return came[0];
  }

  private static boolean later(Moment moment, Duration time) {
    Await.rest("the moment " + moment.word(), time);
    return true;
  }

  private boolean copied(Moment.Copying share) {
    try {
      Sample now = migrations.after(guest.id(), before).sample();
      long total = now.memoryTotalBytes();
      return total > 0
          && (now.iteration() > 1
              || (total - now.memoryRemainingBytes()) * share.of() >= total * share.part());
    } catch (ApiFailure silent) {
      return false;
    }
  }

  /** The migration as the API shows it; empty while that does not answer. */
  Optional<MigrationView> shown() {
    try {
      return Optional.of(migrations.show(migrations.after(guest.id(), before).id()));
    } catch (ApiFailure silent) {
      return Optional.empty();
    }
  }
}
