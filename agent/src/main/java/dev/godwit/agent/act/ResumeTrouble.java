package dev.godwit.agent.act;

import java.util.Arrays;

/** Why libvirt did not resume a post-copy, by its words: its codes tell less. */
enum ResumeTrouble {
  /** One of both QEMUs takes its stream for a living one. */
  NOT_NOTICED("migration is still running"),
  /** The destination's first Finish still waits for its QEMU. */
  STILL_WAITED_FOR("monitored by another thread"),
  /** That Finish asked its QEMU, and had no answer in the half minute for which libvirt waits. */
  NOT_ANSWERED("held by monitor=remoteDispatchDomainMigrateFinish"),
  /** The last: every text has its words. */
  OTHER("");

  private final String words;

  ResumeTrouble(String words) {
    this.words = words;
  }

  static ResumeTrouble of(String text) {
    return Arrays.stream(values()).filter(it -> text.contains(it.words)).findFirst().orElseThrow();
  }

  /** True for what is over soon, without anybody. */
  boolean mendsItself() {
    return this == NOT_NOTICED || this == STILL_WAITED_FOR;
  }
}
