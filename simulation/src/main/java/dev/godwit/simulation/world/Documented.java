package dev.godwit.simulation.world;

import static java.util.Map.entry;

import dev.godwit.core.migration.Hold;
import dev.godwit.core.migration.WayOut;
import dev.godwit.core.migration.transfer.Row;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What docs/architecture.md says under "What is held" and "Post-copy": by the word for what holds a
 * move, what must have befallen its guest. Only there may a move wait for an operator although
 * nothing is broken any more; an alarm without such a word is nobody's to help.
 */
final class Documented {
  /** What excuses a hold. */
  private interface Cause {
    boolean befell(Truth truth, Ledger.Move move);
  }

  /** The guest ended somewhere. */
  private static final Cause OFF = (truth, move) -> truth.mayBeOff(move.instance());

  /** The same, or it went with its host: what is left may not be the last of it. */
  private static final Cause ENDED =
      (truth, move) -> OFF.befell(truth, move) || truth.lostPower(move.source(), move.instance());

  /** libvirt ran it twice, or what it ran last is gone. */
  private static final Cause RAN_TWICE_OR_ENDED =
      (truth, move) -> truth.splitByLibvirt(move.instance()) || ENDED.befell(truth, move);

  private static final Cause SPLIT = (truth, move) -> truth.splitByLibvirt(move.instance());

  private static final Cause LOST_IN_POST_COPY =
      (truth, move) -> truth.lostInPostCopy(move.instance());

  private static final Cause BOTH_LOST_POWER =
      (truth, move) ->
          truth.lostPower(move.source(), move.instance())
              && move.destination()
                  .filter(host -> truth.lostPower(host, move.instance()))
                  .isPresent();

  /** No database here loses all that it had confirmed of a move. */
  private static final Cause NEVER = (truth, move) -> false;

  private static final Map<String, Cause> CAUSES =
      Map.ofEntries(
          entry(Row.STRICT_MAY_BE_OLD.name(), ENDED),
          entry(Row.COPY_MAY_BE_OLD.name(), ENDED),
          entry(Row.INCOMING_MAY_BE_WHOLE.name(), ENDED),
          entry(Row.SHARED_DISK_MAY_HAVE_CHANGED.name(), OFF),
          entry(Row.LOST.name(), ENDED),
          entry(Row.BOTH_STOPPED.name(), RAN_TWICE_OR_ENDED),
          entry(Row.BOTH_DEAD.name(), BOTH_LOST_POWER),
          // It may have shut down there: nobody who sees it gone can tell that.
          entry(Row.POST_COPY_LOST.name(), OFF),
          entry(Row.POST_COPY_SOURCE_GONE.name(), LOST_IN_POST_COPY),
          entry(Hold.STRAY.name(), SPLIT),
          entry(Hold.STRAY_OFF.name(), RAN_TWICE_OR_ENDED),
          entry(Hold.LAST_COPY.name(), RAN_TWICE_OR_ENDED),
          entry(Hold.POST_COPY_HANGS.name(), LOST_IN_POST_COPY),
          entry(Hold.POST_COPY_SHUT_DOWN.name(), OFF),
          entry(Hold.UNRECORDED_PAUSE.name(), NEVER),
          entry(Hold.UNRECORDED_POST_COPY.name(), NEVER));

  /** What may be said of a guest of which a half is gone. */
  private static final Set<String> HALF_IS_GONE =
      Set.of(
          Row.POST_COPY_LOST.name(),
          Row.POST_COPY_SOURCE_GONE.name(),
          Hold.POST_COPY_HANGS.name(),
          Hold.POST_COPY_SHUT_DOWN.name());

  private final Truth truth;

  Documented(Truth truth) {
    this.truth = truth;
  }

  /** True for a word that somebody explained. */
  static boolean has(String word) {
    return CAUSES.containsKey(word);
  }

  /** True when the move waits for an operator, and for a reason that may be. */
  boolean holds(Ledger.Move move) {
    WayOut wayOut = move.waiting().wayOut();
    return move.waiting().alarm()
        && Optional.ofNullable(CAUSES.get(wayOut.because()))
            .filter(cause -> cause.befell(truth, move))
            .isPresent()
        && tellsOfPostCopy(wayOut, move);
  }

  /** No half is taken for a guest; its disks are what is left of it, and somebody may say which. */
  private boolean tellsOfPostCopy(WayOut wayOut, Ledger.Move move) {
    return !truth.lostInPostCopy(move.instance())
        || HALF_IS_GONE.contains(wayOut.because())
        || !wayOut.home().isEmpty();
  }
}
