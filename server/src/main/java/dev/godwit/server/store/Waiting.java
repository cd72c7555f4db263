package dev.godwit.server.store;

import dev.godwit.core.migration.Decision;
import dev.godwit.core.migration.WayOut;
import java.util.Optional;

/**
 * What a migration waits for.
 *
 * @param why for people
 * @param alarm an operator has to know
 * @param wayOut what they can do, as the reason says it
 */
public record Waiting(String why, boolean alarm, WayOut wayOut) {
  /** Nothing. */
  public static final Waiting NOTHING = Waiting.of("");

  /** Of what passes without anybody. */
  public static Waiting of(String why) {
    return new Waiting(why, false, WayOut.NONE);
  }

  /** What was decided to wait for. */
  public static Waiting of(Decision.Stay stay) {
    return new Waiting(stay.why(), stay.alarm(), stay.wayOut());
  }

  /** As it is stored. */
  public static Waiting stored(String why, boolean alarm, Optional<String> wayOut) {
    return new Waiting(
        why, alarm, wayOut.map(it -> StoredJson.read(it, WayOut.class)).orElse(WayOut.NONE));
  }

  /** The same, and an operator has to know. */
  public Waiting alarming() {
    return new Waiting(why, true, wayOut);
  }

  /** With what a host answered against it: one line, so that neither hides the other. */
  public Waiting against(String answer) {
    if (why.contains(answer)) {
      return this;
    }
    String line = answer.contains(why) ? answer : answer + " (" + why + ")";
    return new Waiting(line, alarm, wayOut);
  }
}
