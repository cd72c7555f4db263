package dev.godwit.lab.torture;

import dev.godwit.lab.host.LabFailure;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program that is as good as started: it runs about a millisecond after it is pulled, where
 * starting one from here would take many.
 */
final class Trigger implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final List<String> argv;
  private final Process process;

  Trigger(List<String> argv) {
    this.argv = List.copyOf(argv);
    List<String> cocked = new ArrayList<>(List.of("sh", "-c", "read -r go && exec \"$@\"", "sh"));
    cocked.addAll(argv);
    try {
      process =
          new ProcessBuilder(cocked)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw new LabFailure("sh did not start: " + e.getMessage());
    }
  }

  /** Lets it run; returns the moment at which it was over. */
  Instant pull() {
    try {
      process.getOutputStream().write("go\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      process.getOutputStream().flush();
      if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new LabFailure("'%s' did not end".formatted(String.join(" ", argv)));
      }
      return Instant.now();
    } catch (IOException e) {
      throw new LabFailure(
          "'%s' could not be let go: %s".formatted(String.join(" ", argv), e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabFailure("interrupted while striking");
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
