package dev.godwit.lab.probe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.lab.host.LabFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A neighbour that watches one guest until it is closed; it ends with this process, too. */
public final class Watch implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration REPORT = Duration.ofSeconds(5);

  private final String address;
  private final Process process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>(64);

  Watch(String address, List<String> argv) {
    this.address = address;
    try {
      this.process = new ProcessBuilder(argv).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new LabFailure("the neighbour of " + address + " did not start: " + e.getMessage());
    }
    Thread.ofVirtual().name("watch-" + address).start(this::read);
  }

  private void read() {
    try (BufferedReader out = process.inputReader()) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.put(line);
      }
    } catch (IOException e) {
      // The program ended; whoever waits for a line learns it from the deadline.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns when the guest was heard on both ports; {@link LabFailure} when not in time. */
  public void awaitReady(Duration patience) {
    next("ready", patience, "a sign of life of the guest at " + address);
  }

  /** What was seen since the last report. */
  public WatchReport report() {
    try {
      OutputStream in = process.getOutputStream();
      in.write('\n');
      in.flush();
    } catch (IOException e) {
      throw new LabFailure("the neighbour of " + address + " is gone: " + e.getMessage());
    }
    return WatchReport.of(next("report", REPORT, "a report of the neighbour of " + address));
  }

  private JsonNode next(String event, Duration patience, String what) {
    try {
      String line = lines.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (line == null) {
        throw new LabFailure("waited %d s for %s".formatted(patience.toSeconds(), what));
      }
      JsonNode told = line.startsWith("{") ? JSON.readTree(line) : JSON.nullNode();
      if (!told.path("event").asText().equals(event)) {
        throw new LabFailure("expected %s, found: %s".formatted(what, line));
      }
      return told;
    } catch (JsonProcessingException e) {
      throw new LabFailure("expected %s, found: %s".formatted(what, e.getOriginalMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabFailure("interrupted while waiting for " + what);
    }
  }

  @Override
  public void close() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // It ended before.
    }
    try {
      if (!process.waitFor(2, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
