package dev.godwit.lab.torture;

import dev.godwit.lab.torture.Journal.Entry;
import java.util.List;
import java.util.Optional;

/** Which ends a case may have: what was struck must not cost more of a move than it has to. */
final class Ends {
  private static final String COMPLETED = "completed";
  private static final String CANCELLED = "cancelled";
  private static final String FAILED = "failed";

  /** Why this end is not one that the case may have. */
  Optional<String> wrong(Case it, String status, List<Entry> entries) {
    List<String> may = may(it, entries);
    return may.contains(status)
        ? Optional.empty()
        : Optional.of("it ended as %s, expected %s".formatted(status, String.join(" or ", may)));
  }

  private static List<String> may(Case it, List<Entry> entries) {
    // Nothing goes back from there, unless an operator rules so.
    if (has(entries, "COMMIT")) {
      return List.of(COMPLETED);
    }
    boolean outlived = it.victim().outlived() || it.standsStill();
    return switch (it.way()) {
      case SUCCESS, AUTOSTART -> outlived ? List.of(COMPLETED) : List.of(COMPLETED, FAILED);
      // A copy that nobody could stop in time arrives.
      case EARLY_ABORT ->
          has(entries, "CANCEL_PREPARING") ? List.of(CANCELLED) : List.of(CANCELLED, COMPLETED);
      case ABORT ->
          has(entries, "TRANSFER_CANCELLED") ? List.of(CANCELLED) : List.of(CANCELLED, COMPLETED);
      // One that broke while its agent was away is made again.
      case ROLLBACK ->
          has(entries, "TRANSFER_FAILED") ? List.of(FAILED) : List.of(FAILED, COMPLETED);
      case POST_COPY, BROKEN_POST_COPY ->
          outlived ? List.of(COMPLETED) : List.of(COMPLETED, FAILED);
      // It is committed when its source dies.
      case FENCED_SOURCE -> List.of(COMPLETED);
      // Where libvirt's or the disk's harm came too late for that, it arrives.
      case SPLIT, FENCED_DESTINATION ->
          has(entries, "TRANSFER_FAILED") ? List.of(FAILED) : List.of(FAILED, COMPLETED);
      case PREPARE_FAILURE ->
          has(entries, "PREPARE_FAILED") ? List.of(FAILED) : List.of(FAILED, COMPLETED);
    };
  }

  private static boolean has(List<Entry> entries, String transition) {
    return entries.stream().anyMatch(entry -> entry.transition().equals(transition));
  }
}
