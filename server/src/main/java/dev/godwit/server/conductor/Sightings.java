package dev.godwit.server.conductor;

import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.MigrationId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the hosts of the latest migrations looked like, each time it changed; for people. */
public final class Sightings {
  private static final int MOST_MIGRATIONS = 200;
  private static final int MOST_SIGHTINGS = 200;

  private final Map<MigrationId, ArrayDeque<Sighting>> known =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<MigrationId, ArrayDeque<Sighting>> eldest) {
          return size() > MOST_MIGRATIONS;
        }
      };

  /**
   * A host's view at a moment.
   *
   * @param text the view as it was recorded, for those who know the records
   */
  public record Sighting(Instant at, HostName host, HostView view, String text) {}

  synchronized void add(MigrationId migration, HostName host, HostView view, Instant now) {
    ArrayDeque<Sighting> of = known.computeIfAbsent(migration, id -> new ArrayDeque<>());
    String text = text(view);
    boolean same =
        of.stream()
            .filter(it -> it.host().equals(host))
            .reduce((first, second) -> second)
            .map(last -> last.text().equals(text))
            .orElse(false);
    if (!same) {
      if (of.size() >= MOST_SIGHTINGS) {
        of.removeFirst();
      }
      of.addLast(new Sighting(now, host, view, text));
    }
  }

  private static String text(HostView view) {
    return switch (view) {
      case HostView.Unknown(String why) -> "unknown: " + why;
      case HostView.Seen(var _, var guest, var transfer) -> guest + ", " + transfer;
    };
  }

  /** What was seen, oldest first. */
  public synchronized List<Sighting> of(MigrationId migration) {
    ArrayDeque<Sighting> of = known.get(migration);
    return of == null ? List.of() : new ArrayList<>(of);
  }
}
