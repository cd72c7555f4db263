package dev.godwit.simulation.world;

import dev.godwit.simulation.time.Timeline;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** What happened in a world, line by line; and who waits for a line. */
final class Story {
  private static final int MOST_FIRST_LINES = 2_000;
  private static final int MOST_LAST_LINES = 2_000;

  private final Timeline timeline;
  private final List<String> first = new ArrayList<>();
  private final Deque<String> last = new ArrayDeque<>();
  private long leftOut;
  private final List<Consumer<String>> readers = new ArrayList<>();

  Story(Timeline timeline) {
    this.timeline = timeline;
  }

  void tell(String what) {
    keep(String.format(Locale.ROOT, "%9.3f s  %s", timeline.nanos() / 1e9, what));
    List.copyOf(readers).forEach(reader -> reader.accept(what));
  }

  void read(Consumer<String> reader) {
    readers.add(reader);
  }

  /** One that is too long loses its middle: it broke at its end. */
  private void keep(String line) {
    if (first.size() < MOST_FIRST_LINES) {
      first.add(line);
      return;
    }
    last.add(line);
    if (last.size() > MOST_LAST_LINES) {
      last.remove();
      leftOut++;
    }
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>(first);
    if (leftOut > 0) {
      lines.add(leftOut(leftOut));
    }
    lines.addAll(last);
    return List.copyOf(lines);
  }

  /** Its beginning and, above all, its end. */
  static List<String> shortened(List<String> lines, int most) {
    if (lines.size() <= most) {
      return lines;
    }
    int atBeginning = most / 4;
    int atEnd = most - atBeginning - 1;
    List<String> brief = new ArrayList<>(lines.subList(0, atBeginning));
    brief.add(leftOut(lines.size() - atBeginning - atEnd));
    brief.addAll(lines.subList(lines.size() - atEnd, lines.size()));
    return List.copyOf(brief);
  }

  private static String leftOut(long count) {
    return "… %d lines are left out …".formatted(count);
  }
}
