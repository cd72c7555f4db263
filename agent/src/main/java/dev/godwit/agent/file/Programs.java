package dev.godwit.agent.file;

import java.time.Duration;
import java.util.List;

/** Programs of the host, run by their argument vector with a deadline; no shell. */
public interface Programs {
  /** How one ended: its exit code and what it said on both outputs. */
  record Result(int exit, String output) {
    /** True when it ended well. */
    public boolean ok() {
      return exit == 0;
    }
  }

  /**
   * Runs one; exit -1 when it had to be killed after the deadline.
   *
   * @throws java.io.UncheckedIOException when it cannot be run
   */
  Result run(Duration deadline, List<String> argv);
}
