package dev.godwit.lab.torture;

import dev.godwit.lab.LibvirtEvents.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What libvirt told of a guest's two copies in one case, and when the kernel saw them run: by it,
 * and not by Godwit's journal, it is known who had a second copy run.
 *
 * @param source libvirt's events there
 * @param destination libvirt's events there; those after its death are missing
 * @param sourceBeats when the source's copy was seen to run
 * @param destinationBeats when the destination's copy was
 */
record Copies(
    List<Event> source, List<Event> destination, Beats sourceBeats, Beats destinationBeats) {
  /** libvirt itself started the copy; at the source, because it missed the end of a move. */
  private static final String BY_LIBVIRT = "Resumed Migrated";

  /** Somebody asked libvirt to. */
  private static final String BY_ORDER = "Resumed Unpaused";

  private static final String DESTROYED = "Stopped Destroyed";

  /** In one look the one copy may have stopped and the other begun. */
  private static final Duration TWO_LOOKS = Duration.ofMillis(150);

  /** Its client may hear one host's libvirt so much later than the other's. */
  private static final Duration TOLD_LATE = Duration.ofSeconds(1);

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

  /** When the copy was seen to run that is the guest once the move is over. */
  Beats home(boolean arrived) {
    return arrived ? destinationBeats : sourceBeats;
  }

  /** Why a watch that saw this of an untouched move would not see a second copy either. */
  Optional<String> blind() {
    if (destinationBeats.first().isEmpty()) {
      return Optional.of("the watch saw nothing of the destination's copy");
    }
    Instant arrived = destinationBeats.first().get();
    return sourceBeats.first().filter(it -> it.isBefore(arrived)).isPresent()
        ? Optional.empty()
        : Optional.of("the watch saw nothing of the source's copy before the destination's ran");
  }

  /**
   * How long libvirt's events have both run at once until now: one was resumed, and the other
   * neither suspended nor stopped.
   */
  Duration together(Instant now) {
    List<Span> arrived = spans(destination, false, now);
    return spans(source, true, now).stream()
        .flatMap(one -> arrived.stream().map(one::together))
        .filter(time -> time.compareTo(TOLD_LATE) > 0)
        .reduce(Duration.ZERO, Duration::plus);
  }

  private record Span(Instant from, Instant to) {
    Duration together(Span other) {
      Instant begin = from.isAfter(other.from) ? from : other.from;
      Instant end = to.isBefore(other.to) ? to : other.to;
      return begin.isBefore(end) ? Duration.between(begin, end) : Duration.ZERO;
    }
  }

  /** When a copy ran. */
  private static List<Span> spans(List<Event> events, boolean ranBefore, Instant now) {
    List<Span> spans = new ArrayList<>();
    Optional<Instant> since = ranBefore ? Optional.of(Instant.MIN) : Optional.empty();
    for (Event event : events) {
      if (begins(event.what())) {
        since = since.or(() -> Optional.of(event.at()));
      } else if (ends(event.what())) {
        since.ifPresent(from -> spans.add(new Span(from, event.at())));
        since = Optional.empty();
      }
    }
    since.ifPresent(from -> spans.add(new Span(from, now)));
    return spans;
  }

  private static boolean begins(String what) {
    return what.startsWith("Resumed ") || what.equals("Started Booted");
  }

  private static boolean ends(String what) {
    return what.startsWith("Suspended ") || what.startsWith("Stopped ");
  }

  private boolean beatAfter(Instant ran) {
    return sourceBeats.after(ran.plus(TWO_LOOKS));
  }

  private boolean destroyedBefore(Instant when) {
    return destination.stream()
        .anyMatch(event -> event.what().equals(DESTROYED) && !event.at().isAfter(when));
  }

  /** When the destination's copy began to run. */
  private Optional<Instant> ranAt() {
    return Stream.concat(first(destination, BY_LIBVIRT).stream(), destinationBeats.first().stream())
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
