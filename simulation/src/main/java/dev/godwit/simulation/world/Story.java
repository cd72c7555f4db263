package dev.godwit.simulation.world;

import dev.godwit.simulation.time.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** What happened in a world, line by line; and who waits for a line. */
final class Story {
  private static final int MOST_LINES = 4_000;

  private final Timeline timeline;
  private final List<String> lines = new ArrayList<>();
  private final List<Consumer<String>> readers = new ArrayList<>();

  Story(Timeline timeline) {
    this.timeline = timeline;
  }

  void tell(String what) {
    if (lines.size() < MOST_LINES) {
      lines.add(String.format(Locale.ROOT, "%9.3f s  %s", timeline.nanos() / 1e9, what));
    }
    List.copyOf(readers).forEach(reader -> reader.accept(what));
  }

  void read(Consumer<String> reader) {
    readers.add(reader);
  }

  List<String> lines() {
    return List.copyOf(lines);
  }
}
