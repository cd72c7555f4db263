package dev.godwit.lab.torture;

import dev.godwit.lab.Lab;
import dev.godwit.lab.host.RecordedProcess;
import java.util.Optional;

/**
 * Keeps the server still while a strike falls elsewhere: a moment may last less than a cut takes,
 * and so the journal stays where it is until it has fallen. To the move it is a server that was not
 * given the processor for some milliseconds.
 */
final class Hold {
  private final Kernel kernel;
  private final Optional<RecordedProcess> server;
  private boolean held;

  /** Of no server when it is itself the victim: its journal ends with it. */
  Hold(Lab lab, Kernel kernel, Case it) {
    this.kernel = kernel;
    this.server = it.victim() == Victim.SERVER ? Optional.empty() : lab.process("server", "server");
  }

  void take() {
    held = server.filter(RecordedProcess::lives).map(it -> kernel.stop(it.pid())).orElse(false);
  }

  void letGo() {
    if (held) {
      RecordedProcess process = server.orElseThrow();
      boolean _ = kernel.go(process.pid());
      // nsenter, which started it, stops with its child, and would never take note of its end.
      process.signal("CONT");
      held = false;
    }
  }
}
