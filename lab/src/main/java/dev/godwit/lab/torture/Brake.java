package dev.godwit.lab.torture;

import dev.godwit.lab.Virsh;
import dev.godwit.lab.host.Argv;
import dev.godwit.lab.host.LabFailure;
import dev.godwit.lab.host.LabHost;
import java.time.Duration;

/** Limits how fast a host copies a guest away, so that its copy has a midst. */
final class Brake {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final String SLOW_MIB = "12";
  private static final String NO_LIMIT_MIB = "4000";

  private final Virsh source;
  private final String guest;

  Brake(LabHost source, String guest) {
    this.source = new Virsh(source);
    this.guest = guest;
  }

  void pull() {
    var _ = source.must("migrate-setspeed", guest, SLOW_MIB);
  }

  /** What post-copy fetches has a limit of its own, which can be set only while a copy goes on. */
  void pullPostCopy() {
    var _ = source.run(PATIENCE, "migrate-setspeed", "--postcopy", guest, SLOW_MIB);
  }

  /** Lets go; a guest that is gone from there, or a libvirtd that is, needs no push. */
  void release() {
    try {
      Argv.Result plain = source.run(PATIENCE, "migrate-setspeed", guest, NO_LIMIT_MIB);
      if (plain.ok()) {
        var _ = source.run(PATIENCE, "migrate-setspeed", "--postcopy", guest, NO_LIMIT_MIB);
      }
    } catch (LabFailure silent) {
      // It is let go again when the strike is undone.
    }
  }
}
