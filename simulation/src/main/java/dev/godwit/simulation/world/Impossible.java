package dev.godwit.simulation.world;

import dev.godwit.simulation.world.Coverage.Met;
import dev.godwit.simulation.world.Fault.Side;
import dev.godwit.simulation.world.Fault.What;
import java.util.Optional;
import java.util.Set;

/** Faults that a move cannot feel in a stage, and why. */
final class Impossible {
  /** Whoever is asked for nothing does not feel them, and no stage that asks nothing lasts. */
  private static final Set<What> FELT_WHEN_ASKED =
      Set.of(
          What.AGENT_FROZEN,
          What.LIBVIRTD_FROZEN,
          What.LINK_TO_SERVER_CUT,
          What.WORDS_TO_SERVER_LOST,
          What.WORDS_FROM_SERVER_LOST,
          What.DISK_FULL);

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
      case PLANNING -> pair.side() == Side.DESTINATION ? planned(pair.fault()) : Optional.empty();
      case PREPARING -> prepared(pair);
      case POST_COPY -> pair.side() == Side.SOURCE ? left(pair.fault()) : arrived(pair.fault());
      case TRANSFERRING, SETTLING, ROLLING_BACK -> Optional.empty();
    };
  }

  private static Optional<String> planned(What fault) {
    return FELT_WHEN_ASKED.contains(fault)
        ? Optional.of("nothing is asked of a destination between its choice and its preparation")
        : needsProcess(fault);
  }

  private static Optional<String> prepared(Met pair) {
    return switch (pair.side()) {
      case SOURCE ->
          FELT_WHEN_ASKED.contains(pair.fault())
              ? Optional.of("nothing is asked of the source of a guest that does not start with it")
              : Optional.empty();
      case DESTINATION -> needsProcess(pair.fault());
      case SERVER, BETWEEN -> Optional.empty();
    };
  }

  private static Optional<String> left(What fault) {
    return fault == What.GUEST_SHUTS_DOWN
        ? Optional.of("it runs at the destination")
        : Optional.empty();
  }

  private static Optional<String> arrived(What fault) {
    return fault == What.WORDS_FROM_SERVER_LOST
        ? Optional.of(
            "the look that sees it run was asked for before, and nothing more is until the source"
                + " is gone")
        : Optional.empty();
  }

  private static Optional<String> needsProcess(What fault) {
    return fault == What.QEMU_KILLED || fault == What.GUEST_SHUTS_DOWN
        ? Optional.of("the guest has no process at the destination before the copy begins")
        : Optional.empty();
  }
}
