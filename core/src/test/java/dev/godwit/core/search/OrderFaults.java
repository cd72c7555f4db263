package dev.godwit.core.search;

import dev.godwit.core.migration.Act;
import dev.godwit.core.migration.Order;
import dev.godwit.core.migration.Rules;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.search.SourceAgent.Dies;
import dev.godwit.core.search.World.Alive;
import dev.godwit.core.search.World.Call;
import dev.godwit.core.search.World.Guest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What becomes of an order and its answer on their way, also of those of an earlier migration. */
final class OrderFaults {
  private static final StepReply NO_ANSWER = new StepReply.Unanswered("no answer in time");

  private final World world;
  private final Rules rules;
  private final List<Step> steps;

  private OrderFaults(World world, Rules rules, List<Step> steps) {
    this.world = world;
    this.rules = rules;
    this.steps = steps;
  }

  static void add(World world, Rules rules, List<Step> steps) {
    OrderFaults it = new OrderFaults(world, rules, steps);
    if (world.server == Alive.UP && !world.toSend.isEmpty()) {
      it.next(world.toSend.getFirst());
    }
  }

  private void fault(String what, Consumer<World> change) {
    steps.add(
        new Step(
            what,
            world.after(w -> {
              w.faultsLeft--;
              change.accept(w);
            })));
  }

  private void next(Order order) {
    Names names = Names.of(order);
    fault(names.lost(), OrderFaults::unanswered);
    if (!ServerSteps.heard(world, order)) {
      return;
    }
    fault(
        names.answerLost(),
        w -> {
          var _ = Agents.execute(w, order, rules);
          unanswered(w);
        });
    fault(
        names.twice(),
        w -> {
          w.toSend = ServerSteps.rest(w.toSend);
          w.reply = Agents.execute(w, order, rules);
          onItsWay(w, order);
        });
    fault(
        names.late(),
        w -> {
          unanswered(w);
          onItsWay(w, order);
        });
    if (order.act() instanceof Act.FenceSource && world.source.answers() && world.source.active()) {
      killed(order, "the source's agent is killed as it fences", Dies.BEFORE_IT);
      killed(order, "the source's agent is killed when it has fenced", Dies.AFTER_IT);
    }
    boolean pauses = order.act() instanceof Act.PauseToComplete && world.source.answers();
    if (pauses && world.call == Call.COPYING && world.source.runs()) {
      fault(
          "the copy fails while the guest is being paused to end it",
          w -> {
            unanswered(w);
            LibvirtSteps.failed(w);
            w.source = w.source.guest(Guest.PAUSED);
          });
    }
  }

  private void killed(Order order, String what, Dies dies) {
    fault(
        what,
        w -> {
          unanswered(w);
          Agents.fence(w, order, rules, dies);
        });
  }

  static void onItsWay(World w, Order order) {
    List<Order> late = new ArrayList<>(w.late);
    late.add(order);
    w.late = List.copyOf(late);
  }

  private static void unanswered(World w) {
    w.toSend = ServerSteps.rest(w.toSend);
    w.reply = NO_ANSWER;
  }
}
