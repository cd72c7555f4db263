package dev.godwit.lab.torture;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.lab.demo.MigrationView;
import dev.godwit.lab.host.LabFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A case that ended wrong, told in at most thirty lines: journal, sightings, what is found. */
final class Story {
  private static final int MOST_LINES = 30;
  private static final int MOST_WRONG = 6;
  private static final int LONGEST_LINE = 300;

  private final Outside outside;
  private final TortureGuest guest;

  Story(Outside outside, TortureGuest guest) {
    this.outside = outside;
    this.guest = guest;
  }

  private record Line(Instant at, String text) {}

  List<String> tell(
      List<String> wrong,
      List<Journal.Entry> entries,
      Optional<MigrationView> shown,
      Optional<Untouched.Blow> blow) {
    List<String> story = new ArrayList<>();
    wrong.stream().limit(MOST_WRONG).map(it -> "wrong: " + it).forEach(story::add);
    for (String host : Ground.HOSTS) {
      story.add("found on " + found(host));
    }
    shown.ifPresent(
        it -> story.add("the migration is %s: %s".formatted(it.phase(), it.why().orElse(""))));
    List<Line> lines = lines(entries, shown, blow);
    Instant began = lines.isEmpty() ? Instant.EPOCH : lines.getFirst().at();
    int room = MOST_LINES - story.size();
    if (lines.size() > room) {
      story.add("(%d earlier lines are left out)".formatted(lines.size() - room + 1));
      lines = lines.subList(lines.size() - room + 1, lines.size());
    }
    for (Line line : lines) {
      double seconds = Duration.between(began, line.at()).toMillis() / 1000.0;
      story.add("%8.3f s  %s".formatted(seconds, line.text()));
    }
    return story.stream()
        .map(it -> it.length() > LONGEST_LINE ? it.substring(0, LONGEST_LINE) + "…" : it)
        .toList();
  }

  private String found(String host) {
    try {
      return outside.on(host, guest);
    } catch (LabFailure e) {
      return host + ": " + e.getMessage();
    }
  }

  private static List<Line> lines(
      List<Journal.Entry> entries, Optional<MigrationView> shown, Optional<Untouched.Blow> blow) {
    List<Line> lines = new ArrayList<>();
    entries.forEach(it -> lines.add(new Line(it.at(), it.word() + " – " + it.why())));
    if (shown.isPresent()) {
      for (JsonNode seen : shown.get().json().path("observations")) {
        lines.add(
            new Line(
                Instant.parse(seen.path("at").asText()),
                "  %s: %s".formatted(seen.path("host").asText(), seen.path("sentence").asText())));
      }
    }
    blow.ifPresent(it -> {
      lines.add(new Line(it.struck(), "STRUCK"));
      lines.add(new Line(it.undone(), "UNDONE"));
      lines.add(new Line(it.ready(), "READY AGAIN"));
    });
    lines.sort(Comparator.comparing(Line::at));
    return lines;
  }
}
