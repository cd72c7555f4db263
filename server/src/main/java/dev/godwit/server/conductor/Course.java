package dev.godwit.server.conductor;

import dev.godwit.core.migration.Decision;
import dev.godwit.core.migration.Fencing;
import dev.godwit.core.migration.Life;
import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.Observation;
import dev.godwit.core.migration.Order;
import dev.godwit.core.migration.Owed;
import dev.godwit.core.migration.Phase;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.Transition;
import dev.godwit.core.migration.Wishes;
import dev.godwit.core.migration.plan.DiskClaim;
import dev.godwit.core.migration.plan.PlanOutcome;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.model.Epoch;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.Refusal;
import dev.godwit.core.port.Answer;
import dev.godwit.server.store.DatabaseTrouble;
import dev.godwit.server.store.MigrationRow;
import dev.godwit.server.store.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One migration under way: observe, ask {@link Life#next}, journal, act, wait, again. Nothing is
 * kept here that matters; killed at any line, another course goes on from the record and the hosts.
 */
final class Course implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Course.class);
  private static final Epoch NO_EPOCH = new Epoch(0);

  private final Crew crew;
  private final Lookout lookout;
  private volatile Migration migration;
  private volatile Map<HostName, HostView> fenced = Map.of();
  private StepReply reply = StepReply.NONE;
  private Optional<PlanOutcome> plan = Optional.empty();
  private List<DiskClaim> claims = List.of();
  private String answer = "";
  private Waiting said = Waiting.NOTHING;
  private boolean overtaken;
  private CompletableFuture<StepReply> push = CompletableFuture.completedFuture(StepReply.NONE);

  Course(Crew crew, Migration migration) {
    this.crew = crew;
    this.lookout = new Lookout(this::observe, crew.sightings()::add, crew.tempo());
    this.migration = migration;
  }

  /** Something happened: look now. */
  void wake() {
    lookout.wake();
  }

  /** The record has these wishes, which came in at another server if they are news. */
  void wished(Wishes wishes) {
    if (!wishes.equals(migration.wishes())) {
      wake();
    }
  }

  /** A host is heard again. */
  void heard(HostName host) {
    if (migration.source().equals(host)
        || migration.plan().filter(it -> it.destination().equals(host)).isPresent()) {
      wake();
    }
  }

  /** An agent reported what a host holds. */
  void seen(HostName host, HostView view) {
    lookout.seen(host, view);
  }

  @Override
  public void run() {
    try {
      while (!migration.rests() && !awaitsTheDead() && !overtaken) {
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
      if (overtaken) {
        LOG.atWarn()
            .addKeyValue("migration", migration.number())
            .addKeyValue("why", said.why())
            .log("a host has seen later orders than this owner's; it is leased anew");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (DatabaseTrouble e) {
      // Whether the last change is there or not: another course begins with what the record says.
      LOG.atWarn()
          .addKeyValue("migration", migration.number())
          .addKeyValue("why", e.getMessage())
          .log("a course rests until the record can be read again");
    } catch (RuntimeException e) {
      // The record stays as it is; the conductor begins another course soon.
      LOG.atError().addKeyValue("migration", migration.number()).setCause(e).log("a course failed");
    }
  }

  private Optional<Decision> decide() throws InterruptedException {
    if (!watching()) {
      // Before the record is read: what is wished for from then on wakes the next round.
      lookout.drop();
    }
    Optional<Migration> refreshed = crew.refreshed(migration);
    if (refreshed.isEmpty()) {
      return Optional.empty();
    }
    migration = refreshed.get();
    if (crew.wishedByPatience(migration)) {
      LOG.atWarn().addKeyValue("migration", migration.number()).log("the copy takes too long");
      migration = crew.refreshed(migration).orElse(migration);
    }
    fenced = crew.fenced();
    return Optional.of(next(observe()));
  }

  /** It ended, that is told, and nothing can be done before one of those is back that owe it. */
  private boolean awaitsTheDead() {
    return migration.phase().over()
        && !said.equals(Waiting.NOTHING)
        && migration.owed().stream().map(Owed::host).allMatch(fenced::containsKey);
  }

  private Decision next(Observation observation) {
    return crew.rules().next(migration, observation, crew.clock().instant());
  }

  private Observation observe() throws InterruptedException {
    boolean movedOn = Life.asksWhetherMovedOn(migration.phase()) && crew.movedOn(migration);
    if (watching()) {
      return lookout.look(migration, reply, this::commits).movedOn(movedOn);
    }
    return new Observation(
        Life.looksAtSource(migration, plan)
            // A source that never heard of it has nothing to note: what is refused touches nothing.
            ? observe(migration.source(), migration.with(NO_EPOCH))
            : unlooked(Optional.of(migration.source())),
        Life.looksAtDestination(migration.phase(), reply)
            ? observe(migration.destination(), migration)
            : unlooked(migration.plan().map(TransferPlan::destination)),
        Duration.ZERO,
        plan,
        reply,
        // It matters only before there is a plan.
        migration.phase() instanceof Phase.Accepted && crew.earlierSettling(migration),
        movedOn);
  }

  private HostView unlooked(Optional<HostName> host) {
    return host.map(fenced::get).orElse(HostView.NOT_LOOKED);
  }

  /** The dead are not asked. */
  private HostView observe(HostName host, Migration looking) {
    HostView dead = fenced.get(host);
    return dead == null ? crew.hosts().observe(host, looking) : dead;
  }

  private boolean commits(Observation observation) {
    return next(observation) instanceof Decision.Move move
        && move.transition() == Transition.COMMIT;
  }

  /** False when the migration was lost to another owner. */
  private boolean carryOut(Decision decision) throws InterruptedException {
    switch (decision) {
      case Decision.FindDestination() -> {
        plan = Optional.of(findDestination());
      }
      case Decision.Move move -> {
        plan = Optional.empty();
        switch (crew.journal(migration, move, claims, crew.clock().instant())) {
          case LOST -> {
            return false;
          }
          case NO_MEMORY -> lookAgain("memory");
          case NO_VCPUS -> lookAgain("vCPUs");
          case NO_DISK_ROOM -> lookAgain("disk room");
          case DONE -> {
            LOG.atInfo()
                .addKeyValue("migration", migration.number())
                .addKeyValue("instance", migration.instance())
                .addKeyValue("transition", move.transition())
                .addKeyValue("why", move.why())
                .log("a move goes on");
            migration = move.next();
            lookout.forget();
            answer = "";
            said = Waiting.NOTHING;
            act(move.orders(), Waiting.NOTHING);
          }
        }
      }
      case Decision.Stay stay -> {
        plan = Optional.empty();
        stay(stay);
      }
    }
    return true;
  }

  private void lookAgain(String taken) {
    say(Waiting.of("others took the %s at the destination; looking again".formatted(taken)));
  }

  private void stay(Decision.Stay stay) throws InterruptedException {
    if (stay.orders().isEmpty()) {
      answer = "";
    }
    Waiting waiting = Waiting.of(stay);
    say(waiting.against(answer));
    if (watching() && stay.orders().stream().anyMatch(Order::pushes)) {
      push(stay.orders(), waiting);
    } else {
      act(stay.orders(), waiting);
    }
    crew.sightings().keep(migration.id(), migration.epoch());
    boolean pauses = !(reply instanceof StepReply.Done) || stay.orders().isEmpty() || watching();
    if (pauses && !overtaken) {
      lookout.await(stay.lookAgain());
    }
  }

  private boolean watching() {
    return Life.looksAtHosts(migration);
  }

  /** Not on after one that was refused as stale: the next owner's may be there already. */
  private void act(List<Order> orders, Waiting waiting) {
    reply = StepReply.NONE;
    List<StepReply> replies = new ArrayList<>();
    for (Order order : orders) {
      reply = crew.hosts().execute(order);
      replies.add(reply);
      if (Fencing.overtaken(reply)) {
        break;
      }
    }
    answered(replies, waiting);
  }

  private void answered(List<StepReply> replies, Waiting waiting) {
    // By another owner, or by one that a lost record has forgotten: a new lease tells which.
    overtaken = replies.stream().anyMatch(Fencing::overtaken);
    answer =
        replies.stream()
            .map(Course::trouble)
            .filter(it -> !it.isEmpty())
            .distinct()
            .collect(Collectors.joining(" "));
    if (!answer.isEmpty()) {
      say((overtaken ? waiting.alarming() : waiting).against(answer));
    }
  }

  /** Beside the looking, and again only when the one before was answered. */
  private void push(List<Order> orders, Waiting waiting) {
    reply = StepReply.NONE;
    if (!push.isDone()) {
      return;
    }
    answered(List.of(push.join()), waiting);
    if (overtaken) {
      return;
    }
    push =
        CompletableFuture.supplyAsync(
                () -> orders.stream().map(crew.hosts()::execute).toList().getLast(),
                Thread::startVirtualThread)
            .exceptionally(this::failed);
  }

  private StepReply failed(Throwable failure) {
    LOG.atError()
        .addKeyValue("migration", migration.number())
        .setCause(failure)
        .log("an order failed in the server itself");
    return new StepReply.Unanswered("an order failed in the server itself: " + failure);
  }

  /** Empty when what was ordered was done. */
  private static String trouble(StepReply reply) {
    return switch (reply) {
      case StepReply.Refused(Refusal reason) -> reason.sentence();
      case StepReply.Unanswered(String why) -> why;
      case StepReply.Done _, StepReply.None() -> "";
    };
  }

  /** Recorded when it changes, not each time it is true. */
  private void say(Waiting waiting) {
    if (!waiting.equals(said)) {
      said = waiting;
      crew.waiting(migration, waiting);
    }
  }

  private PlanOutcome findDestination() {
    DestinationSearch.Question question = crew.question(migration);
    // Before it is looked: a host that was silent then and spoke since was not judged fairly.
    boolean judges = crew.fleet().mayJudgeAll();
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
      case Answer.Given(DestinationSearch.Findings findings) -> outcome(findings, judges);
    };
  }

  private PlanOutcome outcome(DestinationSearch.Findings findings, boolean judges) {
    List<MigrationRow.HostChecks> checks = new ArrayList<>();
    checks.add(new MigrationRow.HostChecks(migration.source(), findings.guest()));
    checks.addAll(findings.hosts());
    Optional<DestinationSearch.Offer> best = findings.best();
    crew.checked(migration, checks, best.map(offer -> offer.plan().destination()));
    claims = best.map(DestinationSearch.Offer::claims).orElse(List.of());
    if (best.isPresent()) {
      return new PlanOutcome.Chosen(best.get().plan());
    }
    if (!judges) {
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
