package dev.godwit.lab.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.lab.host.LabFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Server-sent events, read on a thread of their own, because a read of a stream has no deadline.
 */
final class ServerEvents implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_WAITING = 1024;

  /** One event. An empty name is the end of the stream. */
  record Event(String name, JsonNode data) {
    static final Event END = new Event("", JSON.nullNode());
  }

  private final InputStream input;
  private final BlockingQueue<Event> events = new ArrayBlockingQueue<>(MOST_WAITING);

  ServerEvents(InputStream input) {
    this.input = input;
    Thread.ofVirtual().name("server-events").start(this::read);
  }

  /** The next event; empty when the stream ended or was silent for so long. */
  Optional<Event> next(Duration patience) {
    try {
      return Optional.ofNullable(events.poll(patience.toMillis(), TimeUnit.MILLISECONDS))
          .filter(event -> !event.equals(Event.END));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabFailure("interrupted while following a migration");
    }
  }

  private void read() {
    try {
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8))) {
        String name = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (line.startsWith("event: ")) {
            name = line.substring("event: ".length());
          } else if (line.startsWith("data: ")) {
            events.put(new Event(name, JSON.readTree(line.substring("data: ".length()))));
          }
        }
      } catch (IOException e) {
        // A stream that breaks is one that ended: the migration itself is asked for afterwards.
      }
      events.put(Event.END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    try {
      input.close();
    } catch (IOException e) {
      // It is of no use any more either way.
    }
  }
}
