package dev.godwit.simulation.world;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Which faults met which stages of moves, and how often. */
public final class Coverage {
  private final Map<Stage, Map<Fault.What, Long>> met = new EnumMap<>(Stage.class);

  /** A fault and the stage in which it struck. */
  public record Met(Stage stage, Fault.What fault) {}

  /** Takes a history in. */
  public void add(History.Outcome outcome) {
    outcome
        .struck()
        .forEach(pair ->
            met.computeIfAbsent(pair.stage(), _ -> new EnumMap<>(Fault.What.class))
                .merge(pair.fault(), 1L, Long::sum));
  }

  private long count(Stage stage, Fault.What fault) {
    return met.getOrDefault(stage, Map.of()).getOrDefault(fault, 0L);
  }

  /** What a move runs of a host's programs, it runs before the copy. */
  private static boolean canMeet(Stage stage, Fault.What fault) {
    return fault != Fault.What.PROGRAM_FAILS || stage == Stage.PLANNING || stage == Stage.PREPARING;
  }

  /** Pairs that never met. */
  public List<Met> missing() {
    List<Met> missing = new ArrayList<>();
    for (Stage stage : Stage.values()) {
      for (Fault.What fault : Fault.What.values()) {
        if (canMeet(stage, fault) && count(stage, fault) == 0) {
          missing.add(new Met(stage, fault));
        }
      }
    }
    return missing;
  }

  /** A table of them. */
  public String table() {
    List<Stage> stages = List.of(Stage.values());
    StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%-24s", ""));
    stages.forEach(stage -> text.append(String.format(Locale.ROOT, "%14s", stage)));
    for (Fault.What fault : Fault.What.values()) {
      text.append(String.format(Locale.ROOT, "%n%-24s", fault));
      stages.forEach(stage -> text.append(String.format(Locale.ROOT, "%14d", count(stage, fault))));
    }
    return text.toString();
  }
}
