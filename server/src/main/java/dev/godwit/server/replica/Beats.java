package dev.godwit.server.replica;

import dev.godwit.server.store.Servers.Beat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How long the leases of others were seen unrenewed, by this process's own clock alone: what others
 * think of the time does not matter. Used by one thread.
 */
final class Beats {
  private final Duration lease;
  private final Duration longestGap;
  private final Map<String, Seen> known = new HashMap<>();
  private long lookedAt;

  private record Seen(long beat, long sinceNanos) {}

  /**
   * Nothing is known yet.
   *
   * @param longestGap after a longer time without a look, all start anew: this process stood still,
   *     or the database was away, and nobody could renew anything
   */
  Beats(Duration lease, Duration longestGap) {
    this.lease = lease;
    this.longestGap = longestGap;
  }

  /** Takes a look in; those whose lease has been unrenewed for its length. */
  List<Beat> look(List<Beat> beats, long nowNanos) {
    if (nowNanos - lookedAt > longestGap.toNanos()) {
      known.clear();
    }
    lookedAt = nowNanos;
    known.keySet().retainAll(beats.stream().map(Beat::incarnation).toList());
    List<Beat> ended = new ArrayList<>();
    for (Beat beat : beats) {
      Seen seen = known.get(beat.incarnation());
      if (seen == null || seen.beat != beat.beat()) {
        known.put(beat.incarnation(), new Seen(beat.beat(), nowNanos));
      } else if (nowNanos - seen.sinceNanos >= lease.toNanos()) {
        ended.add(beat);
      }
    }
    return ended;
  }
}
