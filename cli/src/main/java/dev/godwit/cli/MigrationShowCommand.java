package dev.godwit.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.cli.client.Sample;
import dev.godwit.cli.client.Units;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** godwit migration show: one move and its journal. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "One move: its state, its copy, its journal.")
final class MigrationShowCommand implements Callable<Integer> {
  @Mixin ApiOptions options;

  @Parameters(paramLabel = "MIGRATION", description = "Its number or UUID.")
  String reference;

  @Override
  public Integer call() {
    Migration migration = Migration.find(options.api(), reference);
    if (options.json) {
      options.output().json(migration.json());
    } else {
      options.output().lines(lines(migration));
    }
    return ExitCodes.DONE;
  }

  private static List<String> lines(Migration migration) {
    JsonNode json = migration.json();
    Table facts =
        Table.facts()
            .row("number", String.valueOf(migration.number()))
            .row("id", migration.id())
            .row("guest", migration.guest() + " (" + migration.instance() + ")")
            .row("source", migration.source())
            .row("destination", migration.destination().orElse("-"))
            .row("phase", migration.phase())
            .row("step", Doc.text(json, "step"))
            .row("status", Doc.text(json, "status"))
            .row("why", migration.why().orElse("-"))
            .row("alarm", Doc.yesNo(migration.alarm()))
            .row("hand-over", Doc.text(json, "hand_over"))
            .row("disks", Plan.disks(json))
            .row("accepted", Doc.text(json, "accepted_at"))
            .row("transfer", Doc.text(json, "transfer_at"))
            .row("committed", Doc.text(json, "committed_at"))
            .row("ended", Doc.text(json, "ended_at"));
    migration.sample().ifPresent(sample -> copy(facts, migration, sample));
    migration
        .sample()
        .flatMap(Sample::pause)
        .ifPresent(pause -> facts.row("pause", Units.time(pause)));
    List<String> lines = new ArrayList<>(facts.lines());
    if (migration.alarm()) {
      lines.add("ALARM: this move needs a person. To do: " + migration.toDo());
    }
    Check.all(json, "refusals").forEach(check -> lines.add("refused: " + check.sentence()));
    lines.addAll(journal(json));
    return lines;
  }

  private static void copy(Table facts, Migration migration, Sample sample) {
    if (migration.ended()) {
      facts.row("copy", sample.end());
      return;
    }
    facts.row("copy", sample.line());
    sample.disks().forEach(disk -> facts.row("disk " + disk.target(), disk.line()));
  }

  private static List<String> journal(JsonNode json) {
    List<JsonNode> entries = Doc.list(json, "journal");
    if (entries.isEmpty()) {
      return List.of();
    }
    Table table = new Table("AT", "TRANSITION", "FROM", "TO", "STEP", "WHY");
    for (JsonNode entry : entries) {
      table.row(
          Doc.text(entry, "at"),
          Doc.text(entry, "transition"),
          Doc.text(entry, "from"),
          Doc.text(entry, "to"),
          Doc.text(entry, "step"),
          Doc.text(entry, "why"));
    }
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.addAll(table.lines());
    return lines;
  }
}
