package dev.godwit.server.conductor;

import dev.godwit.core.migration.Decision;
import dev.godwit.core.migration.Life;
import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.Observation;
import dev.godwit.core.migration.Order;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.Transition;
import dev.godwit.core.migration.plan.PlanOutcome;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.TransferRecord;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.Refusal;
import dev.godwit.core.port.Answer;
import dev.godwit.server.store.MigrationRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One migration under way: observe, ask {@link Life#next}, journal, act, wait, again. Nothing is
 * kept here that matters; killed at any line, another course goes on from the record and the hosts.
 */
final class Course implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Course.class);
  private static final int MOST_NEWS = 64;

  private final Crew crew;
  private final BlockingQueue<Sight> news = new ArrayBlockingQueue<>(MOST_NEWS);
  private Migration migration;
  private StepReply reply = StepReply.NONE;
  private Optional<PlanOutcome> plan = Optional.empty();
  private Optional<Views> lastViews = Optional.empty();
  private long unchangedSince;
  private String said = "";

  /**
   * What an agent reported of one host; the host is empty when something else is to be looked at.
   */
  record Sight(Optional<HostName> host, HostView view) {}

  private record Views(HostView source, HostView destination) {
    /** The same guests, whenever they were looked at. */
    boolean sameAs(Views other) {
      return guest(source).equals(guest(other.source))
          && guest(destination).equals(guest(other.destination));
    }

    private static List<Object> guest(HostView view) {
      return switch (view) {
        case HostView.Unknown _ -> List.of();
        case HostView.Seen(Instant _, GuestView guest, TransferRecord transfer) ->
            List.of(guest, transfer);
      };
    }
  }

  Course(Crew crew, Migration migration) {
    this.crew = crew;
    this.migration = migration;
  }

  /** Something happened: look now. */
  void wake(Sight sight) {
    if (!news.offer(sight)) {
      // The queue is full of reasons to look, which is all that this one is.
      LOG.debug("news dropped");
    }
  }

  @Override
  public void run() {
    try {
      while (!migration.phase().over()) {
        Optional<Decision> decision = decide();
        if (decision.isEmpty()) {
          return;
        }
        if (!carryOut(decision.get())) {
          LOG.atInfo()
              .addKeyValue("migration", migration.number())
              .log("another server owns it now");
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      // The record stays as it is; the conductor begins another course soon.
      LOG.atError().addKeyValue("migration", migration.number()).setCause(e).log("a course failed");
    }
  }

  private Optional<Decision> decide() {
    Optional<Migration> refreshed = crew.refreshed(migration);
    if (refreshed.isEmpty()) {
      return Optional.empty();
    }
    migration = refreshed.get();
    Optional<Decision> early = early();
    return early.isPresent()
        ? early
        : Optional.of(Life.next(migration, observe(), crew.clock().instant()));
  }

  /**
   * A destination's own report may be enough to commit, with the source as it was last seen: one
   * that was handing over when the destination starts is no split.
   */
  private Optional<Decision> early() {
    List<Sight> reports = new ArrayList<>();
    news.drainTo(reports);
    if (!Life.looksAtHosts(migration.phase())) {
      return Optional.empty();
    }
    HostView source = lastViews.map(Views::source).orElse(HostView.NOT_LOOKED);
    for (Sight sight : reports) {
      if (sight.host().equals(Optional.of(migration.destination()))) {
        crew.sightings()
            .add(migration.id(), migration.destination(), sight.view(), crew.clock().instant());
        Observation reported =
            new Observation(source, sight.view(), Duration.ZERO, Optional.empty(), reply, false);
        if (Life.next(migration, reported, crew.clock().instant()) instanceof Decision.Move move
            && move.transition() == Transition.COMMIT) {
          return Optional.of(move);
        }
      }
    }
    return Optional.empty();
  }

  private Observation observe() {
    if (Life.looksAtHosts(migration.phase())) {
      Views views = look();
      return new Observation(
          views.source, views.destination, unchangedFor(views), Optional.empty(), reply, false);
    }
    return new Observation(
        HostView.NOT_LOOKED,
        HostView.NOT_LOOKED,
        Duration.ZERO,
        plan,
        reply,
        crew.earlierSettling(migration));
  }

  private Views look() {
    Migration asked = migration;
    CompletableFuture<HostView> source =
        CompletableFuture.supplyAsync(
            () -> crew.hosts().observe(asked.source(), asked), Thread::startVirtualThread);
    HostView destination = crew.hosts().observe(asked.destination(), asked);
    Views views = new Views(source.join(), destination);
    Instant now = crew.clock().instant();
    crew.sightings().add(asked.id(), asked.source(), views.source, now);
    crew.sightings().add(asked.id(), asked.destination(), views.destination, now);
    return views;
  }

  private Duration unchangedFor(Views views) {
    long now = System.nanoTime();
    boolean same = lastViews.map(last -> last.sameAs(views)).orElse(false);
    lastViews = Optional.of(views);
    if (!same) {
      unchangedSince = now;
    }
    return Duration.ofNanos(now - unchangedSince);
  }

  /** False when the migration was lost to another owner. */
  private boolean carryOut(Decision decision) throws InterruptedException {
    switch (decision) {
      case Decision.FindDestination() -> {
        plan = Optional.of(findDestination());
      }
      case Decision.Move move -> {
        plan = Optional.empty();
        switch (crew.journal(migration, move, crew.clock().instant())) {
          case LOST -> {
            return false;
          }
          case NO_ROOM -> say("others took the room at the destination; looking again", false);
          case DONE -> {
            migration = move.next();
            lastViews = Optional.empty();
            act(move.orders());
          }
        }
      }
      case Decision.Stay stay -> {
        say(stay.why(), stay.alarm());
        plan = Optional.empty();
        act(stay.orders());
        if (!(reply instanceof StepReply.Done) || stay.orders().isEmpty() || watching()) {
          await(stay.lookAgain());
        }
      }
    }
    return true;
  }

  private boolean watching() {
    return Life.looksAtHosts(migration.phase());
  }

  private void act(List<Order> orders) {
    reply = StepReply.NONE;
    for (Order order : orders) {
      reply = crew.hosts().execute(order);
      switch (reply) {
        case StepReply.Refused(Refusal reason) -> say(reason.sentence(), false);
        case StepReply.Unanswered(String why) -> say(why, false);
        case StepReply.Done(), StepReply.None() -> {}
      }
    }
  }

  /** Recorded when it changes, not each time it is true. */
  private void say(String why, boolean alarm) {
    String line = (alarm ? "!" : "") + why;
    if (!line.equals(said)) {
      said = line;
      crew.waiting(migration, why, alarm);
    }
  }

  private void await(Duration lookAgain) throws InterruptedException {
    Sight sight = news.poll(lookAgain.toNanos(), TimeUnit.NANOSECONDS);
    if (sight != null && !news.offer(sight)) {
      LOG.debug("news dropped");
    }
  }

  private PlanOutcome findDestination() {
    DestinationSearch.Question question = crew.question(migration);
    return switch (crew.search().search(question)) {
      case Answer.Silent(String why) ->
          crew.overdue(migration)
              ? new PlanOutcome.Refused(
                  List.of(
                      new Refusal(
                          "source-alive",
                          migration.source().value(),
                          "a source whose agent answers",
                          why,
                          "Start the agent on the source.")))
              : new PlanOutcome.Unanswered(why);
      case Answer.Refused(Refusal reason) -> new PlanOutcome.Refused(List.of(reason));
      case Answer.Given(DestinationSearch.Findings findings) -> outcome(findings);
    };
  }

  private PlanOutcome outcome(DestinationSearch.Findings findings) {
    List<MigrationRow.HostChecks> checks = new ArrayList<>();
    checks.add(new MigrationRow.HostChecks(migration.source(), findings.guest()));
    checks.addAll(findings.hosts());
    Optional<TransferPlan> best = findings.best();
    crew.checked(migration, checks, best.map(TransferPlan::destination));
    if (best.isPresent()) {
      return new PlanOutcome.Chosen(best.get());
    }
    if (!crew.fleet().mayJudgeAll()) {
      return new PlanOutcome.Unanswered("waiting for the hosts to announce themselves");
    }
    List<Refusal> refusals = findings.refusals();
    return new PlanOutcome.Refused(
        refusals.isEmpty()
            ? List.of(
                new Refusal(
                    "no-host",
                    migration.instance().toString(),
                    "another host",
                    "none that ever announced itself",
                    "Start an agent on another host."))
            : refusals);
  }
}
