package dev.godwit.agent.act;

import java.util.Arrays;
import java.util.Optional;

/**
 * Why libvirt did not resume a post-copy, by its words: its codes tell less. A text has the words
 * of one at most, for each is a check that ends the call.
 */
enum ResumeTrouble {
  /** One of both QEMUs takes its stream for a living one. */
  NOT_NOTICED("migration is still running"),
  /** The destination's first Finish still waits for its QEMU. */
  STILL_WAITED_FOR("monitored by another thread"),
  /** That Finish asked its QEMU, and had no answer in the half minute for which libvirt waits. */
  NOT_ANSWERED("held by monitor=remoteDispatchDomainMigrateFinish"),
  /** What has no words of the others. */
  OTHER;

  private final Optional<String> words;

  ResumeTrouble() {
    this.words = Optional.empty();
  }

  ResumeTrouble(String words) {
    this.words = Optional.of(words);
  }

  static ResumeTrouble of(String text) {
    return Arrays.stream(values())
        .filter(it -> it.words.filter(text::contains).isPresent())
        .findFirst()
        .orElse(OTHER);
  }

  /** True for what is over soon, without anybody. */
  boolean mendsItself() {
    return this == NOT_NOTICED || this == STILL_WAITED_FOR;
  }
}
