package dev.godwit.simulation.world;

import dev.godwit.simulation.world.Fault.Side;
import dev.godwit.simulation.world.Fault.What;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Which faults were felt by moves in which of their stages, and how often. */
public final class Coverage {
  private final Map<Met, Long> met = new HashMap<>();

  /** A fault, and the stage of a move that felt it first. */
  public record Met(Stage stage, What fault, Side side) {}

  /** Takes a history in. */
  public void add(History.Outcome outcome) {
    outcome.struck().forEach(pair -> met.merge(pair, 1L, Long::sum));
  }

  /**
   * Faults that can be felt in a stage and were not: on each side that may be aimed at, else on
   * any.
   */
  public List<String> missing() {
    List<String> missing = new ArrayList<>();
    for (What fault : What.values()) {
      for (Stage stage : Stage.values()) {
        List<Met> possible =
            pairs(stage, fault).filter(it -> Impossible.why(it).isEmpty()).toList();
        if (Aimed.choosesSides(fault)) {
          possible.stream()
              .filter(it -> !met.containsKey(it))
              .forEach(it -> missing.add(fault + " of " + it.side() + " in " + stage));
        } else if (!possible.isEmpty() && none(possible.stream())) {
          missing.add(fault + " in " + stage);
        }
      }
      for (Side side : fault.sides()) {
        if (none(Stream.of(Stage.values()).map(stage -> new Met(stage, fault, side)))) {
          missing.add(fault + " of " + side);
        }
      }
    }
    return missing;
  }

  /** A fault in a stage, on each side that it may have. */
  static Stream<Met> pairs(Stage stage, What fault) {
    return fault.sides().stream().map(it -> new Met(stage, fault, it));
  }

  private boolean none(Stream<Met> pairs) {
    return pairs.noneMatch(met::containsKey);
  }

  /** A table of them; a dash where they cannot meet. */
  public String table() {
    List<Stage> stages = List.of(Stage.values());
    StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%-36s", ""));
    stages.forEach(stage -> text.append(String.format(Locale.ROOT, "%14s", stage)));
    for (What fault : What.values()) {
      for (Side side : fault.sides()) {
        text.append(String.format(Locale.ROOT, "%n%-36s", fault + " " + side));
        List<String> counts = new ArrayList<>();
        stages.forEach(stage -> counts.add(count(new Met(stage, fault, side))));
        counts.forEach(count -> text.append(String.format(Locale.ROOT, "%14s", count)));
      }
    }
    return text.toString();
  }

  private String count(Met pair) {
    long count = met.getOrDefault(pair, 0L);
    return count == 0 && Impossible.why(pair).isPresent() ? "-" : Long.toString(count);
  }
}
