package dev.godwit.lab.torture;

import dev.godwit.lab.LibvirtEvents.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What libvirt told of a guest's two copies in one case, and when the kernel saw them run: by it,
 * and not by Godwit's journal, it is known who had a second copy run.
 *
 * @param source libvirt's events there
 * @param destination libvirt's events there; those after its death are missing
 * @param sourceLast when the source's copy was last seen to run
 * @param destinationFirst when the destination's copy was first seen to run
 */
record Copies(
    List<Event> source,
    List<Event> destination,
    Optional<Instant> sourceLast,
    Optional<Instant> destinationFirst) {
  /** libvirt itself started the copy; at the source, because it missed the end of a move. */
  private static final String BY_LIBVIRT = "Resumed Migrated";

  /** Somebody asked libvirt to. */
  private static final String BY_ORDER = "Resumed Unpaused";

  private static final String DESTROYED = "Stopped Destroyed";

  /** In one look the one copy may have stopped and the other begun. */
  private static final Duration TWO_LOOKS = Duration.ofMillis(150);

  Copies {
    source = List.copyOf(source);
    destination = List.copyOf(destination);
  }

  /** True when libvirt itself resumed the source beside a copy that it had started. */
  boolean splitByLibvirt() {
    return ranAt().isPresent()
        && first(source, BY_LIBVIRT).isPresent()
        && orderedAt().isEmpty()
        && first(destination, BY_ORDER).isEmpty();
  }

  /**
   * True when a copy ran at the destination and the source ran on after it, with which one of both
   * is lost: because libvirt resumed the source, or because the other was gone, and not by an order
   * to end it.
   */
  boolean ranOn() {
    return ranAt().isPresent()
        && orderedAt()
            .map(ordered -> !destroyedBefore(ordered))
            .orElseGet(() -> first(source, BY_LIBVIRT).isPresent() || beatAfter(ranAt().get()));
  }

  private boolean beatAfter(Instant ran) {
    return sourceLast.filter(beat -> beat.isAfter(ran.plus(TWO_LOOKS))).isPresent();
  }

  private boolean destroyedBefore(Instant when) {
    return destination.stream()
        .anyMatch(event -> event.what().equals(DESTROYED) && !event.at().isAfter(when));
  }

  /** When the destination's copy began to run. */
  private Optional<Instant> ranAt() {
    return Stream.concat(first(destination, BY_LIBVIRT).stream(), destinationFirst.stream())
        .min(Instant::compareTo);
  }

  /** When somebody had the source run on after that. */
  private Optional<Instant> orderedAt() {
    return ranAt()
        .flatMap(ran ->
            source.stream()
                .filter(event -> event.what().equals(BY_ORDER) && !event.at().isBefore(ran))
                .map(Event::at)
                .findFirst());
  }

  private static Optional<Instant> first(List<Event> events, String what) {
    return events.stream().filter(event -> event.what().equals(what)).map(Event::at).findFirst();
  }
}
