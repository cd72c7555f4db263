package dev.godwit.lab.demo;

import dev.godwit.cli.client.Units;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Moves as people read them. */
final class MoveTable {
  private static final List<String> HEAD =
      List.of(
          "move",
          "from",
          "to",
          "ended",
          "total",
          "prepare",
          "copy",
          "settle",
          "pause",
          "net gap",
          "pings lost",
          "counter",
          "records lost",
          "copied",
          "iter.",
          "left behind");

  private MoveTable() {}

  /** One move in a sentence. */
  static String sentence(MoveReport move) {
    String what =
        "  %-8s %s → %s  %s in %s, %s over the wire"
            .formatted(
                move.kind(),
                move.from(),
                move.to(),
                move.status(),
                time(move.totalMs()),
                Units.bytes(move.bytes()));
    return move.pauseMs() < 0
        ? what
        : what
            + ", paused %s; the neighbour heard nothing for %s"
                .formatted(time(move.pauseMs()), time(move.networkGapMs()));
  }

  /** All moves, a line each. */
  static List<String> lines(List<MoveReport> moves) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEAD);
    moves.forEach(move -> rows.add(row(move)));
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < HEAD.size(); column++) {
        int at = column;
        int width = rows.stream().mapToInt(it -> it.get(at).length()).max().orElse(0);
        line.append(String.format(Locale.ROOT, "%-" + (width + 2) + "s", row.get(column)));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  /** To the hundredth: these are measurements. */
  private static String time(long ms) {
    return ms < 1000 ? ms + " ms" : String.format(Locale.ROOT, "%.2f s", ms / 1000.0);
  }

  private static List<String> row(MoveReport move) {
    return List.of(
        move.kind(),
        move.from(),
        move.to(),
        move.status(),
        time(move.totalMs()),
        time(move.prepareMs()),
        time(move.copyMs()),
        time(move.settleMs()),
        move.pauseMs() < 0 ? "-" : time(move.pauseMs()),
        time(move.networkGapMs()),
        Long.toString(move.pingsLost()),
        move.counterOk() ? "unbroken" : "BROKEN",
        Long.toString(move.recordsLost()),
        Units.bytes(move.bytes()),
        Long.toString(move.iterations()),
        move.leftovers().isEmpty() ? "nothing" : String.join(", ", move.leftovers()));
  }
}
