package dev.godwit.core.model;

import dev.godwit.core.Check;

/**
 * Something that is done with an instance outside migrations.
 *
 * @param turn grows with each task of the instance, and with each server that takes one over: of
 *     two, the one with the smaller turn is of the past
 */
public record GuestTask(InstanceId instance, long turn) {
  public GuestTask {
    Check.argument(turn > 0, "turn: expected a positive number, found %s", turn);
  }
}
