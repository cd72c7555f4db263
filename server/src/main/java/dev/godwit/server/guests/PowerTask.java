package dev.godwit.server.guests;

import dev.godwit.core.model.PowerAction;
import dev.godwit.core.model.PowerState;
import dev.godwit.core.model.TaskState;
import dev.godwit.core.model.VmState;
import java.util.List;
import java.util.Locale;

/**
 * A change of power as an instance's task.
 *
 * @param task what is recorded meanwhile
 * @param from states in which it may be asked for
 * @param to the state that it leads to
 */
record PowerTask(PowerAction action, TaskState task, List<VmState> from, VmState to) {
  static PowerTask of(PowerAction action) {
    return switch (action) {
      case START ->
          new PowerTask(action, TaskState.POWERING_ON, List.of(VmState.STOPPED), VmState.ACTIVE);
      case STOP ->
          new PowerTask(
              action,
              TaskState.POWERING_OFF,
              List.of(VmState.ACTIVE, VmState.ERROR),
              VmState.STOPPED);
      case REBOOT_SOFT ->
          new PowerTask(action, TaskState.REBOOTING, List.of(VmState.ACTIVE), VmState.ACTIVE);
      case REBOOT_HARD ->
          new PowerTask(
              action,
              TaskState.REBOOTING_HARD,
              List.of(VmState.ACTIVE, VmState.STOPPED, VmState.PAUSED, VmState.ERROR),
              VmState.ACTIVE);
      case PAUSE ->
          new PowerTask(action, TaskState.PAUSING, List.of(VmState.ACTIVE), VmState.PAUSED);
      case UNPAUSE ->
          new PowerTask(action, TaskState.UNPAUSING, List.of(VmState.PAUSED), VmState.ACTIVE);
    };
  }

  /** The name of its event. */
  String event() {
    return "compute_" + action.name().toLowerCase(Locale.ROOT);
  }

  PowerState power() {
    return switch (to) {
      case ACTIVE -> PowerState.RUNNING;
      case PAUSED -> PowerState.PAUSED;
      case STOPPED -> PowerState.SHUTDOWN;
      case BUILDING, ERROR, DELETED -> PowerState.NOSTATE;
    };
  }
}
