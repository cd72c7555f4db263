package dev.godwit.simulation.world;

import dev.godwit.core.migration.PhaseName;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Which faults met which phases of moves, and how often. */
public final class Coverage {
  /** The phases in which something goes on that a fault may disturb. */
  private static final List<PhaseName> PHASES =
      List.of(
          PhaseName.PREPARING, PhaseName.TRANSFERRING, PhaseName.SETTLING, PhaseName.ROLLING_BACK);

  private final Map<PhaseName, Map<Fault.What, Long>> met = new EnumMap<>(PhaseName.class);

  /** A fault and the phase in which it struck. */
  public record Met(PhaseName phase, Fault.What fault) {}

  /** Takes a history in. */
  public void add(History.Outcome outcome) {
    outcome
        .struck()
        .forEach(pair ->
            met.computeIfAbsent(pair.phase(), _ -> new EnumMap<>(Fault.What.class))
                .merge(pair.fault(), 1L, Long::sum));
  }

  private long count(PhaseName phase, Fault.What fault) {
    return met.getOrDefault(phase, Map.of()).getOrDefault(fault, 0L);
  }

  /** Pairs that never met. */
  public List<Met> missing() {
    List<Met> missing = new ArrayList<>();
    for (PhaseName phase : PHASES) {
      for (Fault.What fault : Fault.What.values()) {
        if (count(phase, fault) == 0) {
          missing.add(new Met(phase, fault));
        }
      }
    }
    return missing;
  }

  /** A table of them. */
  public String table() {
    StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%-24s", ""));
    PHASES.forEach(phase -> text.append(String.format(Locale.ROOT, "%14s", phase)));
    for (Fault.What fault : Fault.What.values()) {
      text.append(String.format(Locale.ROOT, "%n%-24s", fault));
      PHASES.forEach(phase -> text.append(String.format(Locale.ROOT, "%14d", count(phase, fault))));
    }
    return text.toString();
  }
}
