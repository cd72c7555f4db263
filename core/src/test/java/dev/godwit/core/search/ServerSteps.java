package dev.godwit.core.search;

import dev.godwit.core.migration.Decision;
import dev.godwit.core.migration.Life;
import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.Moves;
import dev.godwit.core.migration.Observation;
import dev.godwit.core.migration.Order;
import dev.godwit.core.migration.Phase;
import dev.godwit.core.migration.Refusals;
import dev.godwit.core.migration.Rules;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.plan.PlanOutcome;
import dev.godwit.core.migration.transfer.DecisionTable;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.search.World.Alive;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The conductor, as its course does it: look, decide, journal, order one by one, again. */
final class ServerSteps {
  private static final Duration TWO_LOOKS = Duration.ofMillis(60);
  private static final Duration LONG = DecisionTable.KEEP_ALIVE.plusSeconds(1);
  private static final List<Instant> TIMES =
      List.of(Moves.SINCE.plusSeconds(1), Moves.SINCE.plusSeconds(100));

  private static final HostView FENCED = new HostView.Fenced("an operator", Moves.SINCE);

  /** Older than a plan may be. */
  private static final List<Instant> PLAN_TIMES =
      List.of(Moves.SINCE.plusSeconds(1), Moves.SINCE.plusSeconds(121));

  private static final String LOST_THERE = "looks at the destination, and gets no answer; ";

  private final World world;
  private final Rules rules;

  private ServerSteps(World world, Rules rules) {
    this.world = world;
    this.rules = rules;
  }

  static List<Step> of(World world, Rules rules) {
    return new ServerSteps(world, rules).steps();
  }

  private List<Step> steps() {
    if (world.server == Alive.DOWN) {
      return List.of(new Step("a server takes over", world.after(ServerSteps::takeOver)));
    }
    if (world.migration.rests()) {
      return List.of();
    }
    if (!world.toSend.isEmpty()) {
      return List.of(sent(world.toSend.getFirst()));
    }
    if (!Life.looksAtHosts(world.migration)) {
      return decidedByAnswers();
    }
    return world.looking ? looked() : lookedAtSource();
  }

  /** Nothing of the old server is left but what it wrote and what is on its way. */
  private static void takeOver(World w) {
    w.server = Alive.UP;
    w.migration = w.migration.with(w.migration.epoch().next());
    w.toSend = List.of();
    w.reply = StepReply.NONE;
    forget(w);
  }

  private static void forget(World w) {
    w.looking = false;
    w.sourceLooked = HostView.NOT_LOOKED;
    w.lastSource = HostView.NOT_LOOKED;
    w.lastDestination = HostView.NOT_LOOKED;
    w.patiencePassed = false;
  }

  private Step sent(Order order) {
    return new Step(
        Names.of(order).sent(),
        world.after(w -> {
          w.toSend = rest(w.toSend);
          StepReply reply = heard(w, order) ? Agents.execute(w, order, rules) : Agents.SILENT;
          // Beside the looking nobody waits for the answer to what only pushes.
          boolean awaited = !(order.pushes() && Life.looksAtHosts(w.migration));
          w.reply = awaited ? reply : StepReply.NONE;
        }));
  }

  /** The server and the order's host hear each other. */
  static boolean heard(World w, Order order) {
    return order.host().equals(w.migration.source()) ? w.sourceHeard : w.destinationHeard;
  }

  /** All but the first. */
  static List<Order> rest(List<Order> orders) {
    return orders.size() == 1 ? List.of() : List.copyOf(orders.subList(1, orders.size()));
  }

  private static HostView ofSource(World w) {
    return fenced(w.source, w.sourceHeard ? Agents.ofSource(w) : Agents.UNKNOWN);
  }

  private static HostView ofDestination(World w) {
    return fenced(w.destination, w.destinationHeard ? Agents.ofDestination(w) : Agents.UNKNOWN);
  }

  /** One that is known dead is not asked. */
  private static HostView fenced(Side side, HostView view) {
    return side.fenced() ? FENCED : view;
  }

  private boolean mayFail() {
    return world.faultsLeft > 0;
  }

  private static World failed(World before) {
    return before.after(w -> w.faultsLeft--);
  }

  private List<Step> decidedByAnswers() {
    HostView source =
        Life.looksAtSource(world.migration, planned(world))
            ? ofSource(world)
            : fenced(world.source, HostView.NOT_LOOKED);
    if (!Life.looksAtDestination(world.migration.phase(), world.reply)) {
      HostView destination = fenced(world.destination, HostView.NOT_LOOKED);
      return decided("", world, source, destination, Duration.ZERO);
    }
    HostView destination = ofDestination(world);
    List<Step> steps = new ArrayList<>(decided("", world, source, destination, Duration.ZERO));
    if (mayFail() && destination instanceof HostView.Seen) {
      steps.addAll(decided(LOST_THERE, failed(world), source, Agents.UNKNOWN, Duration.ZERO));
    }
    return steps;
  }

  private List<Step> lookedAtSource() {
    HostView source = ofSource(world);
    List<Step> steps = new ArrayList<>();
    steps.add(new Step("looks at the source", looking(world, source)));
    if (mayFail() && source instanceof HostView.Seen) {
      World lost = looking(failed(world), Agents.UNKNOWN);
      steps.add(new Step("looks at the source, and gets no answer", lost));
    }
    return steps;
  }

  private static World looking(World from, HostView source) {
    return from.after(w -> {
      w.looking = true;
      w.sourceLooked = source;
    });
  }

  private List<Step> looked() {
    HostView destination = ofDestination(world);
    List<Step> steps = new ArrayList<>(looked("", world, destination));
    if (mayFail() && destination instanceof HostView.Seen) {
      steps.addAll(looked(LOST_THERE, failed(world), Agents.UNKNOWN));
    }
    return steps;
  }

  private List<Step> looked(String before, World world, HostView destination) {
    HostView source = world.sourceLooked;
    boolean same = same(source, world.lastSource) && same(destination, world.lastDestination);
    Duration unchangedFor = same ? (world.patiencePassed ? LONG : TWO_LOOKS) : Duration.ZERO;
    World after =
        world.after(w -> {
          w.looking = false;
          w.sourceLooked = HostView.NOT_LOOKED;
          w.lastSource = source;
          w.lastDestination = destination;
          w.patiencePassed &= same;
        });
    return decided(before, after, source, destination, unchangedFor);
  }

  private static boolean same(HostView now, HostView before) {
    return now instanceof HostView.Unknown
        ? before instanceof HostView.Unknown && !before.equals(HostView.NOT_LOOKED)
        : now.equals(before);
  }

  private List<Step> decided(
      String before, World from, HostView source, HostView destination, Duration unchangedFor) {
    Set<World> after = new LinkedHashSet<>();
    List<Step> steps = new ArrayList<>();
    for (Instant now : from.migration.phase() instanceof Phase.Planned ? PLAN_TIMES : TIMES) {
      Observation seen =
          new Observation(source, destination, unchangedFor, planned(from), from.reply, false)
              .movedOn(from.movedOn);
      Decision decision = rules.next(from.migration, seen, now);
      World next =
          from.after(w -> {
            apply(w, decision);
            if (w.unrecorded() && source instanceof HostView.Seen) {
              w.broken = Promises.endedInSilence(w);
            }
          });
      if (after.add(next)) {
        steps.add(new Step(before + "decides: " + words(decision), next));
        if (lasts(from, unchangedFor)) {
          steps.addAll(OperatorSteps.after(decision, next));
        }
      }
    }
    return steps;
  }

  /** Nobody is called for what ends by itself in a moment. */
  private static boolean lasts(World from, Duration unchangedFor) {
    return !Life.looksAtHosts(from.migration) || unchangedFor.equals(LONG);
  }

  /** A look that is made now sees what the last one saw, as all have to while time passes. */
  static boolean unchanged(World w) {
    return same(ofSource(w), w.lastSource) && same(ofDestination(w), w.lastDestination);
  }

  /** Planned again, it is the same plan, unless its destination is known dead. */
  private static Optional<PlanOutcome> planned(World w) {
    if (!(w.migration.phase() instanceof Phase.Accepted)) {
      return Optional.empty();
    }
    return Optional.of(
        w.destination.fenced()
            ? new PlanOutcome.Refused(List.of(Refusals.hostDead(w.plan.destination())))
            : new PlanOutcome.Chosen(w.plan));
  }

  private static String words(Decision decision) {
    return switch (decision) {
      case Decision.Move move -> move.transition() + " (" + move.why() + ")";
      case Decision.Stay stay -> "stay (" + stay.why() + ")";
      case Decision.FindDestination() -> "find a destination";
    };
  }

  private static void apply(World w, Decision decision) {
    w.reply = StepReply.NONE;
    w.toSend = decision.orders();
    if (decision instanceof Decision.Move move) {
      w.journal(move.next());
      forget(w);
    }
  }

  /** Phases begin at one moment here; how long they last is chosen at each decision. */
  static Migration timeless(Migration it) {
    return new Migration(
        it.id(),
        it.number(),
        it.instance(),
        it.source(),
        it.request(),
        it.phase(),
        it.plan(),
        it.wishes(),
        it.epoch(),
        it.acceptedAt(),
        Moves.SINCE,
        it.owed());
  }
}
