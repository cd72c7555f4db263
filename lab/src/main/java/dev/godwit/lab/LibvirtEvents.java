package dev.godwit.lab;

import dev.godwit.lab.host.Await;
import dev.godwit.lab.host.LabFailure;
import dev.godwit.lab.host.LabHost;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A host's lifecycle events as libvirt's own client tells them: the witness that is not Godwit. */
public final class LibvirtEvents implements AutoCloseable {
  private static final Pattern LINE =
      Pattern.compile(
          "(\\d{4}-\\d\\d-\\d\\d) (\\S+)\\+0000: event 'lifecycle' for domain '([^']+)': (.+)");
  private static final Duration SOON = Duration.ofSeconds(5);

  private final Process process;
  private final List<Event> events = new CopyOnWriteArrayList<>();

  /** One event, to the millisecond. */
  public record Event(Instant at, String domain, String what) {}

  /** Begins to listen; what came before is not told. */
  public LibvirtEvents(LabHost host) {
    try {
      process =
          new ProcessBuilder(
                  "stdbuf",
                  "-oL",
                  "virsh",
                  "-c",
                  host.libvirtUri(),
                  "event",
                  "--all",
                  "--loop",
                  "--timestamp")
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      throw new LabFailure("virsh event did not start: " + e.getMessage());
    }
    Thread.ofVirtual().name("events-" + host.name()).start(this::read);
  }

  private void read() {
    try (BufferedReader out = process.inputReader()) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        Matcher matcher = LINE.matcher(line);
        if (matcher.matches()) {
          Instant at = Instant.parse(matcher.group(1) + "T" + matcher.group(2) + "Z");
          events.add(new Event(at, matcher.group(3), matcher.group(4)));
        }
      }
    } catch (IOException e) {
      // It was stopped.
    }
  }

  /** The first event of this kind since then; waits for one that is still on its way. */
  public Instant first(String domain, String what, Instant since) {
    return first(domain, what, since, SOON);
  }

  /** The same, for one that may take longer. */
  public Instant first(String domain, String what, Instant since, Duration patience) {
    Await.until(
        "libvirt's event '%s' of %s".formatted(what, domain),
        patience,
        Duration.ofMillis(2),
        () -> find(domain, what, since).isPresent());
    return find(domain, what, since).orElseThrow().at();
  }

  /** The first event of this kind since then, if it has come. */
  public Optional<Event> find(String domain, String what, Instant since) {
    return events.stream()
        .filter(event -> event.domain().equals(domain) && event.what().equals(what))
        .filter(event -> !event.at().isBefore(since))
        .findFirst();
  }

  /** True when an event that begins with these words has come since then. */
  public boolean told(String domain, String words, Instant since) {
    return events.stream()
        .anyMatch(event ->
            event.domain().equals(domain)
                && event.what().startsWith(words)
                && !event.at().isBefore(since));
  }

  /** All that came of a guest since then. */
  public List<Event> since(String domain, Instant since) {
    return events.stream()
        .filter(event -> event.domain().equals(domain) && !event.at().isBefore(since))
        .toList();
  }

  @Override
  public void close() {
    process.destroy();
  }
}
