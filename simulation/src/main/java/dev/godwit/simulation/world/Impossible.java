package dev.godwit.simulation.world;

import dev.godwit.simulation.world.Coverage.Met;
import dev.godwit.simulation.world.Fault.Side;
import dev.godwit.simulation.world.Fault.What;
import java.util.Optional;

/** Faults that a move cannot feel in a stage, and why. */
final class Impossible {
  private Impossible() {}

  /** Empty for what can be. */
  static Optional<String> why(Met pair) {
    if (pair.fault() == What.LINK_BETWEEN_HOSTS_CUT) {
      return switch (pair.stage()) {
        case PLANNING ->
            Optional.of("the trial of the link comes before a destination is recorded");
        case PREPARING -> Optional.of("nothing goes from host to host");
        case TRANSFERRING, POST_COPY -> Optional.empty();
        case SETTLING, ROLLING_BACK ->
            Optional.of(
                "nothing goes from host to host any more but libvirt's last word of a copy");
      };
    }
    if (pair.fault() == What.PROGRAM_FAILS) {
      return switch (pair.stage()) {
        case PLANNING, PREPARING -> Optional.empty();
        case TRANSFERRING, POST_COPY, SETTLING, ROLLING_BACK ->
            Optional.of("a move runs no program after its preparation");
      };
    }
    return switch (pair.stage()) {
      case PLANNING, PREPARING ->
          pair.side() == Side.DESTINATION
                  && (pair.fault() == What.QEMU_KILLED || pair.fault() == What.GUEST_SHUTS_DOWN)
              ? Optional.of("the guest has no process at the destination before the copy begins")
              : Optional.empty();
      case POST_COPY ->
          pair.side() == Side.SOURCE && pair.fault() == What.GUEST_SHUTS_DOWN
              ? Optional.of("it runs at the destination")
              : Optional.empty();
      case TRANSFERRING, SETTLING, ROLLING_BACK -> Optional.empty();
    };
  }
}
