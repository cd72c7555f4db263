package dev.godwit.lab.torture;

import java.util.List;
import java.util.Locale;

/** One move, and what is done to it. */
record Case(Storage storage, Way way, Victim victim, Harm harm, Moment moment) {
  /** Unique among the cases. */
  String name() {
    return String.join("/", parts());
  }

  private List<String> parts() {
    return victim == Victim.NOBODY
        ? List.of(storage.word(), way.word(), victim.word())
        : List.of(storage.word(), way.word(), victim.word(), harm.word(), moment.word());
  }

  /** True when each of these words is a part of its name, or a part of a part. */
  boolean has(List<String> words) {
    return words.stream().allMatch(this::has);
  }

  private boolean has(String word) {
    String wanted = word.toLowerCase(Locale.ROOT);
    return parts().stream()
        .map(part -> part.toLowerCase(Locale.ROOT))
        .anyMatch(part -> part.equals(wanted) || List.of(part.split("[-:]")).contains(wanted));
  }

  /** True when the copy has to take some time, for something is to happen in its midst. */
  boolean slow() {
    return way.turn().filter(it -> it instanceof Moment.Copying).isPresent()
        || moment instanceof Moment.Copying
        || moment instanceof Moment.Incoming
        || (moment instanceof Moment.Entry entry && entry.transition().equals("TRANSFER"));
  }

  /**
   * True when the source's libvirtd may not answer while the harm lasts: it stands still itself, or
   * its QEMU waits in the midst of an order for the disks of the other one.
   */
  boolean silencesSource() {
    return victim == Victim.SOURCE_LIBVIRTD || standsStill();
  }

  /** True when only the guest's arrival stands still, and is let go again: nothing ends by that. */
  boolean standsStill() {
    return victim == Victim.INCOMING_QEMU && harm == Harm.FREEZE;
  }

  /** True when it is struck after what its way took was given back. */
  boolean afterwards() {
    return moment instanceof Moment.Entry entry
        && (entry.transition().endsWith("_HOST_RETURNED")
            || entry.equals(new Moment.Entry("SETTLE_NEXT", "SOURCE_FENCED")));
  }

  /** The move like this one that nobody strikes. */
  Case untouched() {
    return new Case(storage, way, Victim.NOBODY, Harm.NONE, new Moment.Turned());
  }
}
