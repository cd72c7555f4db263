package dev.godwit.lab.torture;

import java.util.Optional;

/** How a move would end if nobody struck. */
enum Way {
  SUCCESS("success", "completed"),
  /** The same of a guest that its operator has set to start with its host. */
  AUTOSTART("autostart", "completed"),
  /** It is aborted while its disks are made at the destination. */
  EARLY_ABORT("early-abort", "cancelled"),
  /** It is aborted half way. */
  ABORT("abort", "cancelled"),
  /** QEMU dies at the destination half way, and what was made there is taken back. */
  ROLLBACK("rollback", "failed"),
  /** Force-complete switches to post-copy half way. */
  POST_COPY("post-copy", "completed"),
  /** The link of the hosts is cut in its midst, until that is noticed. */
  BROKEN_POST_COPY("broken-post-copy", "completed"),
  /** The destination's libvirtd dies when it has resumed the guest: libvirt makes two copies. */
  SPLIT("split", "failed"),
  /** The source loses its power at the commit, is fenced, and is back when the move is over. */
  FENCED_SOURCE("fenced-source", "completed"),
  /** The same of the destination, half way. */
  FENCED_DESTINATION("fenced-destination", "failed"),
  /** The destination's disk is full when the disks are to be made there. */
  PREPARE_FAILURE("prepare-failure", "failed");

  private final String word;
  private final String status;

  Way(String word, String status) {
    this.word = word;
    this.status = status;
  }

  String word() {
    return word;
  }

  /** The migration's status at its end, untouched. */
  String status() {
    return status;
  }

  /** True when the guest runs before it has all its memory. */
  boolean postCopy() {
    return this == POST_COPY || this == BROKEN_POST_COPY;
  }

  /** True when the guest is set to start with its host before it is moved. */
  boolean startsWithHost() {
    return this == AUTOSTART;
  }

  /** True when it harms something itself, so that a victim is the second. */
  boolean compound() {
    return switch (this) {
      case SUCCESS, AUTOSTART, EARLY_ABORT, ABORT, ROLLBACK, POST_COPY -> false;
      case BROKEN_POST_COPY, SPLIT, FENCED_SOURCE, FENCED_DESTINATION, PREPARE_FAILURE -> true;
    };
  }

  /** True when a host loses its power. */
  boolean losesPower() {
    return this == FENCED_SOURCE || this == FENCED_DESTINATION;
  }

  /** When something is done to the move that makes it take this way; empty when nothing is. */
  Optional<Moment> turn() {
    return switch (this) {
      case SUCCESS, AUTOSTART -> Optional.empty();
      case EARLY_ABORT, PREPARE_FAILURE -> Optional.of(new Moment.Entry("PREPARE"));
      case ABORT, ROLLBACK, POST_COPY, BROKEN_POST_COPY, FENCED_DESTINATION ->
          Optional.of(new Moment.Copying(1, 3));
      case SPLIT -> Optional.of(new Moment.Resumed());
      case FENCED_SOURCE -> Optional.of(new Moment.Entry("COMMIT"));
    };
  }

  /** When what was taken for it is given back; empty when nothing is, or at once. */
  Optional<Moment> back() {
    return switch (this) {
      case SUCCESS, AUTOSTART, EARLY_ABORT, ABORT, ROLLBACK, POST_COPY, SPLIT -> Optional.empty();
      case BROKEN_POST_COPY -> Optional.of(new Moment.Entry("POST_COPY_BROKE"));
      case FENCED_SOURCE -> Optional.of(new Moment.Entry("COMPLETE"));
      case FENCED_DESTINATION, PREPARE_FAILURE ->
          Optional.of(new Moment.Entry("ROLLED_BACK_FAILED"));
    };
  }
}
