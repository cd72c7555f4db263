package dev.godwit.core.search;

import dev.godwit.core.migration.Order;

/** What may become of an order, in words. */
final class Names {
  private final String name;
  private final Order order;

  private Names(Order order) {
    this.order = order;
    this.name = order.act().getClass().getSimpleName() + " (epoch " + order.epoch().value() + ")";
  }

  static Names of(Order order) {
    return new Names(order);
  }

  String sent() {
    return name + " at " + order.host();
  }

  String lost() {
    return "the order is lost: " + name;
  }

  String answerLost() {
    return "the answer is lost: " + name;
  }

  String twice() {
    return "the order is sent twice: " + name;
  }

  String late() {
    return "the order is late: " + name;
  }

  String arrives() {
    return "a late order arrives: " + name;
  }
}
