package dev.godwit.server.conductor;

import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.model.Epoch;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.MigrationId;
import dev.godwit.server.store.DatabaseTrouble;
import dev.godwit.server.store.History;
import dev.godwit.server.store.Sighting;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the hosts of migrations looked like, each time it changed; for people. It is written with
 * what is decided by it, so that no decision waits for it; when nothing is decided, soon. People
 * are told what is written: the same by every server.
 */
public final class Sightings {
  private static final int MOST_MIGRATIONS = 1_000;
  private static final int MOST_UNWRITTEN = 200;
  private static final Duration SOON = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(Sightings.class);

  private final History history;
  private final Clock clock;
  private final Map<MigrationId, Seen> known =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<MigrationId, Seen> eldest) {
          return size() > MOST_MIGRATIONS;
        }
      };

  private static final class Seen {
    final Map<HostName, String> last = new HashMap<>();
    final List<Sighting> unwritten = new ArrayList<>();
  }

  public Sightings(History history, Clock clock) {
    this.history = history;
    this.clock = clock;
  }

  /** Takes a view in, when it is another one than the host's last. */
  synchronized void add(MigrationId migration, HostName host, HostView view) {
    Seen seen = known.computeIfAbsent(migration, id -> new Seen());
    String text = text(view);
    if (!text.equals(seen.last.put(host, text))) {
      if (seen.unwritten.size() >= MOST_UNWRITTEN) {
        seen.unwritten.removeFirst();
      }
      // As the database will have it.
      Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
      seen.unwritten.addLast(new Sighting(now, host, HostInWords.sentence(view), text));
    }
  }

  private static String text(HostView view) {
    return switch (view) {
      case HostView.Unknown(String why) -> "unknown: " + why;
      case HostView.Fenced(String by, var since) -> "fenced by %s, %s".formatted(by, since);
      case HostView.Seen(var _, var guest, var transfer) -> guest + ", " + transfer;
    };
  }

  /** What is not written yet. */
  synchronized List<Sighting> unwritten(MigrationId migration) {
    Seen seen = known.get(migration);
    return seen == null ? List.of() : List.copyOf(seen.unwritten);
  }

  /** These have been written. */
  synchronized void written(MigrationId migration, List<Sighting> sightings) {
    Seen seen = known.get(migration);
    if (seen != null) {
      seen.unwritten.removeAll(sightings);
    }
  }

  /** Writes what nothing was decided by for some seconds. */
  void keep(MigrationId migration, Epoch epoch) {
    List<Sighting> sightings = unwritten(migration);
    Instant due = clock.instant().minus(SOON);
    if (!sightings.isEmpty() && !sightings.getFirst().at().isAfter(due)) {
      try {
        history.add(migration, epoch, sightings);
        written(migration, sightings);
      } catch (DatabaseTrouble e) {
        // The move does not depend on it; it is tried again.
        LOG.atWarn().addKeyValue("why", e.getMessage()).log("what was seen is not stored yet");
      }
    }
  }
}
