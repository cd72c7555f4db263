package dev.godwit.core.migration;

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
   * @param why what is awaited, for people
   * @param alarm an operator has to know
   * @param lookAgain when to look again if nothing is reported earlier
   */
  record Stay(String why, boolean alarm, List<Order> orders, Duration lookAgain)
      implements Decision {
    public Stay {
      orders = List.copyOf(orders);
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
