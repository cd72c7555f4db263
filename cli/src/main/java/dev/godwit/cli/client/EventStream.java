package dev.godwit.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
 * Server-sent events, read line by line on a thread of their own, because a read of a stream has no
 * deadline: a connection silent for too long (heartbeats count) is as broken as one that ended.
 */
public final class EventStream implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration SILENCE = Duration.ofSeconds(45);
  private static final int LINES = 256;
  private static final int DATA_LIMIT_CHARACTERS = 4 * 1024 * 1024;

  /** One event: its name and its data. */
  public record Event(String name, JsonNode data) {}

  private final BlockingQueue<Optional<String>> lines = new ArrayBlockingQueue<>(LINES);
  private final InputStream input;
  private final Thread reader;

  EventStream(InputStream input) {
    this.input = input;
    this.reader = Thread.ofVirtual().name("events").start(this::read);
  }

  /** The next event; empty when the stream ended, broke or fell silent. */
  public Optional<Event> next() throws IOException {
    return next(SILENCE);
  }

  /** The next event; empty when the stream ended, broke or was silent for so long. */
  public Optional<Event> next(Duration patience) throws IOException {
    String name = "message";
    StringBuilder data = new StringBuilder();
    while (true) {
      Optional<String> line = line(patience);
      if (line.isEmpty()) {
        return Optional.empty();
      }
      String text = line.get();
      if (text.isEmpty() && !data.isEmpty()) {
        return Optional.of(new Event(name, JSON.readTree(data.toString())));
      } else if (text.startsWith("event:")) {
        name = text.substring("event:".length()).strip();
      } else if (text.startsWith("data:")) {
        data.append(text.substring("data:".length())).append('\n');
      }
      if (data.length() > DATA_LIMIT_CHARACTERS) {
        throw new IOException("an event larger than 4 Mi characters");
      }
    }
  }

  @Override
  public void close() throws IOException {
    reader.interrupt();
    input.close();
  }

  private Optional<String> line(Duration patience) throws IOException {
    try {
      Optional<String> line = lines.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
      return line == null ? Optional.empty() : line;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private void read() {
    try {
      try (BufferedReader text =
          new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8))) {
        for (String line = text.readLine(); line != null; line = text.readLine()) {
          lines.put(Optional.of(line));
        }
      } catch (IOException e) {
        // A broken stream and an ended one are the same to the reader: there is no "end" event.
      }
      lines.put(Optional.empty());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
