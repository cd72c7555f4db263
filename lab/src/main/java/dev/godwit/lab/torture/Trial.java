package dev.godwit.lab.torture;

import dev.godwit.cli.client.ApiClient;
import dev.godwit.lab.demo.MigrationView;
import dev.godwit.lab.demo.Migrations;
import dev.godwit.lab.host.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Makes one case's move, strikes it at its moment, undoes that, and waits until it is over. */
final class Trial {
  private static final Duration END = Duration.ofMinutes(3);
  private static final Duration LOOK_EACH = Duration.ofMillis(20);

  private final Ground ground;
  private final Documented documented;
  private final Kernel kernel = new Kernel();
  private final Arsenal arsenal;

  Trial(Ground ground, Documented documented) {
    this.ground = ground;
    this.documented = documented;
    this.arsenal = new Arsenal(ground.lab(), kernel);
  }

  /**
   * What happened.
   *
   * @param struckAt the last journal entry when the strike fell; empty without a strike
   * @param onTime it fell at the case's moment
   * @param shown the migration at its end, as the API shows it
   * @param held why it is not over and waits for an operator
   */
  record Course(
      List<Journal.Entry> entries,
      Optional<Instant> turned,
      Optional<Untouched.Blow> blow,
      String struckAt,
      boolean onTime,
      Optional<MigrationView> shown,
      Optional<String> held) {
    /** The migration's, at its end. */
    String status() {
      return shown.map(MigrationView::status).orElse("");
    }
  }

  /** Makes the move; {@link dev.godwit.lab.host.LabFailure} when it does not end. */
  Course run(Case it, Arsenal.Route route, Lookout lookout) {
    ApiClient api = ground.api();
    Brake brake = new Brake(ground.lab().host(route.source()), route.guest());
    try (Strike strike = arsenal.ready(it, route);
        Turn turn = new Turn(ground, kernel, it, route)) {
      if (it.slow()) {
        brake.pull();
      }
      new Migrations(api).ask(route.guest(), route.destination());
      return new Run(it, lookout, strike, brake, turn).run();
    } finally {
      if (it.slow()) {
        brake.release();
      }
    }
  }

  /** The move that was asked for. */
  private final class Run {
    private final Case it;
    private final Lookout lookout;
    private final Strike strike;
    private final Brake brake;
    private final Turn turn;
    private final Hold hold;

    Run(Case it, Lookout lookout, Strike strike, Brake brake, Turn turn) {
      this.it = it;
      this.lookout = lookout;
      this.strike = strike;
      this.brake = brake;
      this.turn = turn;
      this.hold = new Hold(ground.lab(), kernel, it);
    }

    Course run() {
      Optional<Instant> turned = turned();
      if (it.afterwards()) {
        turn.giveBack(lookout);
      }
      Hit hit = hit();
      Undoing undoing = outlast(hit.at().isPresent());
      if (!it.afterwards()) {
        turn.giveBack(lookout);
      }
      Optional<String> held = awaitEnd();
      return new Course(
          lookout.entries(),
          turned,
          hit.at().map(at -> new Untouched.Blow(at, undoing.begun(), undoing.done())),
          hit.word(),
          hit.onTime(),
          lookout.shown(),
          held);
    }

    /**
     * The strike.
     *
     * @param at empty when nothing was hit
     * @param entries the move's when it fell
     */
    private record Hit(Optional<Instant> at, List<Journal.Entry> entries, boolean onTime) {
      private static final Hit NONE = new Hit(Optional.empty(), List.of(), false);

      private String word() {
        if (at.isEmpty()) {
          return "";
        }
        return entries.isEmpty() ? "before PLAN" : entries.getLast().word();
      }
    }

    /**
     * Strikes at the moment, unless that never comes, or is gone before the strike can fall. A move
     * that is held for an operator comes to no further moment.
     */
    private Hit hit() {
      if (it.victim() == Victim.NOBODY) {
        return Hit.NONE;
      }
      kernel.hurry(true);
      try {
        return lookout.await(it.moment(), new End(documented, it, lookout)::come)
            ? strike()
            : Hit.NONE;
      } finally {
        kernel.hurry(false);
      }
    }

    private Hit strike() {
      Aim aim = new Aim(it.moment(), ground.mode());
      hold.take();
      try {
        if (aim.known() && !aim.on(lookout.entries())) {
          return Hit.NONE;
        }
        Optional<Instant> at = strike.deliver();
        List<Journal.Entry> entries = lookout.entries();
        return new Hit(at, entries, aim.on(entries));
      } finally {
        hold.letGo();
      }
    }

    /** When the harm was undone. */
    private record Undoing(Instant begun, Instant done) {}

    /** Lets the harm last, and undoes it. */
    private Undoing outlast(boolean struck) {
      // What would not answer has its brake released when it is let go.
      boolean silent = it.silencesSource();
      Instant begun;
      try {
        if (it.slow() && !silent) {
          brake.release();
        }
        if (struck) {
          Await.rest("the harm to last", it.harm().time());
        }
      } finally {
        begun = Instant.now();
        strike.undo();
      }
      Instant done = Instant.now();
      if (it.slow() && silent) {
        brake.release();
      }
      return new Undoing(begun, done);
    }

    private Optional<Instant> turned() {
      if (!it.way().turn().map(lookout::await).orElse(false)) {
        return Optional.empty();
      }
      if (it.way().postCopy()) {
        brake.pullPostCopy();
      }
      turn.make(lookout);
      return Optional.of(Instant.now());
    }

    /** Until it is over, or held for an operator on a row that says so. */
    private Optional<String> awaitEnd() {
      End end = new End(documented, it, lookout);
      Await.until("the migration to be over", END, LOOK_EACH, end::come);
      return end.held();
    }
  }
}
