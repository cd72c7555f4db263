package dev.godwit.agent.host;

import dev.godwit.core.port.Tempo;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Guests whose QEMU did not answer: each question to one costs a connection and a thread, so they
 * are asked later and later.
 */
public final class QuietGuests {
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final Tempo tempo;
  private final Map<String, Rest> quiet = new ConcurrentHashMap<>();

  private record Rest(long until, Duration length) {}

  public QuietGuests(Tempo tempo) {
    this.tempo = tempo;
  }

  /** True while the guest is left alone. */
  public boolean rests(String instance) {
    Rest rest = quiet.get(instance);
    return rest != null && tempo.nanoTime() - rest.until < 0;
  }

  /** It did not answer in time. */
  public void noAnswer(String instance) {
    quiet.compute(
        instance,
        (id, before) -> {
          Duration next = before == null ? FIRST : before.length.multipliedBy(2);
          Duration length = next.compareTo(LONGEST) > 0 ? LONGEST : next;
          return new Rest(tempo.nanoTime() + length.toNanos(), length);
        });
  }

  /** It answers. */
  public void answered(String instance) {
    quiet.remove(instance);
  }
}
