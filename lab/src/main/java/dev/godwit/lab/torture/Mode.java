package dev.godwit.lab.torture;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** How the lab hands guests over, and what guards their disks: a case may end otherwise in each. */
enum Mode {
  PLAIN("plain", "a fast hand-over, without a lock manager", false, false),
  STRICT("strict", "a strict hand-over (--strict), without a lock manager", true, false),
  LOCKD("lockd", "a fast hand-over, with libvirt's lock manager (--lockd)", false, true),
  STRICT_AND_LOCKD(
      "strict+lockd",
      "a strict hand-over, with libvirt's lock manager (--strict --lockd)",
      true,
      true);

  private final String word;
  private final String sentence;
  private final boolean strict;
  private final boolean lockd;

  Mode(String word, String sentence, boolean strict, boolean lockd) {
    this.word = word;
    this.sentence = sentence;
    this.strict = strict;
    this.lockd = lockd;
  }

  static Mode of(boolean strict, boolean lockd) {
    return Arrays.stream(values())
        .filter(it -> it.strict == strict && it.lockd == lockd)
        .findFirst()
        .orElseThrow();
  }

  @JsonCreator
  static Mode of(String word) {
    return Arrays.stream(values())
        .filter(it -> it.word.equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no mode is called " + word));
  }

  @JsonValue
  String word() {
    return word;
  }

  /** What it is, for people. */
  String sentence() {
    return sentence;
  }

  /** A strict hand-over: the guest is resumed only when its source was proven gone. */
  boolean strict() {
    return strict;
  }

  /** libvirt's lock manager is on the hosts. */
  boolean lockd() {
    return lockd;
  }

  /** True where libvirt itself cannot start a second copy. */
  boolean guarded() {
    return strict || lockd;
  }

  /**
   * How libvirt's event begins by which a guest was resumed at its destination: libvirt itself does
   * that, or, in a strict hand-over, Godwit.
   */
  String resumed() {
    return strict ? "Resumed " : "Resumed Migrated";
  }

  /** Post-copy goes only with a fast hand-over, and libvirt splits only what nothing guards. */
  boolean has(Way way) {
    return way == Way.SPLIT ? !guarded() : !strict || !way.postCopy();
  }
}
