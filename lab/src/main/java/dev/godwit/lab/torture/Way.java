package dev.godwit.lab.torture;

/** How a move would end if nobody struck. */
enum Way {
  SUCCESS("success", "completed", false),
  /** It is aborted half way. */
  ABORT("abort", "cancelled", true),
  /** QEMU dies at the destination half way, and what was made there is taken back. */
  ROLLBACK("rollback", "failed", true),
  /** Force-complete switches to post-copy half way. */
  POST_COPY("post-copy", "completed", true);

  private final String word;
  private final String status;
  private final boolean turns;

  Way(String word, String status, boolean turns) {
    this.word = word;
    this.status = status;
    this.turns = turns;
  }

  String word() {
    return word;
  }

  /** The migration's status at its end, untouched. */
  String status() {
    return status;
  }

  /** True when something is done to the move half way that makes it take this way. */
  boolean turns() {
    return turns;
  }
}
