package dev.godwit.core.migration;

import static dev.godwit.core.Check.that;

import dev.godwit.core.migration.transfer.Row;
import java.time.Duration;
import java.util.List;

/** What {@link Life#next} decided. */
public sealed interface Decision {
  /**
   * Orders to carry out now, all of them in this order, after the journal entry if there is one.
   * The reply to the last one is the step's.
   */
  List<Order> orders();

  /**
   * The phase stays.
   *
   * @param awaited for people
   * @param wayOut what an operator can do, who has to know of it then
   * @param alarm an operator has to know
   * @param lookAgain when to look again if nothing is reported earlier
   */
  record Stay(String awaited, WayOut wayOut, boolean alarm, List<Order> orders, Duration lookAgain)
      implements Decision {
    private static final Duration HELD = Duration.ofSeconds(5);

    public Stay {
      that(alarm || wayOut.equals(WayOut.NONE), "nobody is told of: %s", wayOut);
      orders = List.copyOf(orders);
    }

    /** Of what an operator can do nothing about that ends it. */
    public Stay(String awaited, boolean alarm, List<Order> orders, Duration lookAgain) {
      this(awaited, WayOut.NONE, alarm, orders, lookAgain);
    }

    /** An operator is awaited, and nothing is done before they did something. */
    public static Stay held(String awaited, WayOut wayOut) {
      return new Stay(awaited, wayOut, true, List.of(), HELD);
    }

    /** By the decision table. */
    public static Stay held(Row row, WayOut wayOut) {
      return held(row.meaning(), wayOut.on(row));
    }

    /** The same with something to do meanwhile. */
    public Stay meanwhile(List<Order> orders, Duration lookAgain) {
      return new Stay(awaited, wayOut, alarm, orders, lookAgain);
    }

    /** What is awaited, and what can be done about it, for people. */
    public String why() {
      return awaited + wayOut.words();
    }
  }

  /** A destination has to be found: the facts gathered, the checks run, the capacity claimed. */
  record FindDestination() implements Decision {
    @Override
    public List<Order> orders() {
      return List.of();
    }
  }

  /** The phase changes: journalled in one transaction with what it means, then the orders. */
  record Move(Transition transition, String why, Migration next, List<Order> orders)
      implements Decision {
    public Move {
      orders = List.copyOf(orders);
    }
  }
}
