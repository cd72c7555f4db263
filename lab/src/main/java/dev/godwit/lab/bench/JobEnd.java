package dev.godwit.lab.bench;

import dev.godwit.lab.host.Await;
import dev.godwit.lab.host.LabFailure;
import dev.godwit.lab.host.LabHost;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;

/**
 * When libvirt's incoming job is over at a destination. No event tells it, so a virsh that is open
 * already is asked over and over: until then libvirt refuses to say anything of that job.
 */
final class JobEnd implements AutoCloseable {
  private static final Duration LOOK_EACH = Duration.ofMillis(2);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Process virsh;
  private final BufferedReader answers;
  private final PrintWriter questions;

  JobEnd(LabHost host) {
    try {
      virsh =
          new ProcessBuilder("stdbuf", "-oL", "-eL", "virsh", "-q", "-c", host.libvirtUri())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      throw new LabFailure("virsh did not start: " + e.getMessage());
    }
    answers = virsh.inputReader();
    questions = new PrintWriter(virsh.outputWriter(), true);
  }

  /** Waits for it. To be asked while the job lives. */
  Instant await(String domain) {
    Await.until("libvirt's job of " + domain + " to end", PATIENCE, LOOK_EACH, () -> over(domain));
    return Instant.now();
  }

  private boolean over(String domain) {
    questions.println("domjobinfo " + domain);
    try {
      for (String line = answers.readLine(); line != null; line = answers.readLine()) {
        if (line.startsWith("Job type:")) {
          return line.contains("None");
        }
        if (line.startsWith("error:")) {
          return false;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new LabFailure("virsh went away while it was asked for the job of " + domain);
  }

  @Override
  public void close() {
    virsh.destroy();
  }
}
