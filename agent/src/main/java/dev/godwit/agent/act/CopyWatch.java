package dev.godwit.agent.act;

import dev.godwit.core.port.Tempo;
import dev.godwit.libvirt.LibvirtException;
import java.time.Duration;

/** How long a copy is watched: until its job is over, and never without end. */
final class CopyWatch {
  private static final Duration UNTIL_THERE_IS_A_JOB = Duration.ofSeconds(15);

  /** No copy takes longer, and whatever it waits for, nobody reads its progress any more. */
  static final Duration LONGEST = Duration.ofDays(7);

  private final Tempo tempo;
  private final long began;
  private boolean seen;

  CopyWatch(Tempo tempo) {
    this.tempo = tempo;
    this.began = tempo.nanoTime();
  }

  /** A job is there. */
  void sees() {
    seen = true;
  }

  /** True when no job means that it is over, and not that it has yet to begin. */
  boolean overWithoutJob() {
    return seen || lasts(UNTIL_THERE_IS_A_JOB);
  }

  /** True when that error says that there is nothing to watch: no domain, or one that is off. */
  boolean overBy(LibvirtException error) {
    return error.isNoDomain() || (error.isOperationInvalid() && overWithoutJob());
  }

  /** True when it is watched for too long already. */
  boolean tooLong() {
    return lasts(LONGEST);
  }

  private boolean lasts(Duration length) {
    return tempo.nanoTime() - began > length.toNanos();
  }
}
