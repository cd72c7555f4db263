package dev.godwit.lab.torture;

import java.util.Optional;

/** How a move would end if nobody struck. */
enum Way {
  SUCCESS("success", "completed"),
  /** It is aborted while its disks are made at the destination. */
  EARLY_ABORT("early-abort", "cancelled"),
  /** It is aborted half way. */
  ABORT("abort", "cancelled"),
  /** QEMU dies at the destination half way, and what was made there is taken back. */
  ROLLBACK("rollback", "failed"),
  /** Force-complete switches to post-copy half way. */
  POST_COPY("post-copy", "completed");

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

  /** When something is done to the move that makes it take this way; empty when nothing is. */
  Optional<Moment> turn() {
    return switch (this) {
      case SUCCESS -> Optional.empty();
      case EARLY_ABORT -> Optional.of(new Moment.Entry("PREPARE"));
      case ABORT, ROLLBACK, POST_COPY -> Optional.of(new Moment.Copying(1, 3));
    };
  }
}
