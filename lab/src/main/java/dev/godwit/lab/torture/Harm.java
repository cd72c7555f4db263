package dev.godwit.lab.torture;

import java.time.Duration;

/** What is done to a victim, and for how long. */
enum Harm {
  NONE("none", Duration.ZERO),
  /** SIGKILL; started again a little later. */
  KILL("kill", Duration.ofMillis(500)),
  /**
   * SIGSTOP until every call of the others to it has run out of patience, then SIGCONT. libvirt
   * itself waits for a QEMU without end.
   */
  FREEZE("freeze", Duration.ofSeconds(8)),
  /** SIGSTOP for longer than libvirt's keep-alive of 30 s. */
  LONG_FREEZE("long-freeze", Duration.ofSeconds(42)),
  /** Every packet is dropped, and none after that. */
  CUT("cut", Duration.ofSeconds(8)),
  /** The same for longer than libvirt's keep-alive. */
  LONG_CUT("long-cut", Duration.ofSeconds(42)),
  /** The file system has no byte left; an arrival may stand still for it until room is made. */
  FILL("fill", Duration.ofSeconds(8));

  private final String word;
  private final Duration time;

  Harm(String word, Duration time) {
    this.word = word;
    this.time = time;
  }

  String word() {
    return word;
  }

  /** How long it lasts. */
  Duration time() {
    return time;
  }
}
