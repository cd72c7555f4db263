package dev.godwit.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** godwit migration list. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "The moves, under way and ended.")
final class MigrationListCommand implements Callable<Integer> {
  @Mixin ApiOptions options;

  @Option(names = "--vm", paramLabel = "VM", description = "Only this guest's (name or UUID).")
  Optional<String> vm;

  @Option(names = "--running", description = "Only those under way.")
  boolean running;

  @Override
  public Integer call() {
    Api api = options.api();
    String query =
        vm.map(name -> "?instance=" + Doc.text(new Guests(api).find(name), "id")).orElse("");
    List<JsonNode> migrations =
        Doc.list(api.get("list the migrations", "/godwit/v1/migrations" + query), "migrations")
            .stream()
            .filter(one -> !running || !new Migration(one).ended())
            .toList();
    if (options.json) {
      ObjectNode answer = Api.object();
      answer.putArray("migrations").addAll(migrations);
      options.output().json(answer);
      return ExitCodes.DONE;
    }
    Table table =
        new Table("NUMBER", "VM", "SOURCE", "DESTINATION", "PHASE", "ALARM", "ACCEPTED", "WHY");
    for (JsonNode json : migrations) {
      Migration migration = new Migration(json);
      table.row(
          String.valueOf(migration.number()),
          migration.guest(),
          migration.source(),
          migration.destination().orElse("-"),
          migration.phase(),
          migration.alarm() ? "ALARM" : "-",
          Doc.text(json, "accepted_at"),
          migration.why().orElse("-"));
    }
    List<String> lines = new ArrayList<>(table.lines());
    if (migrations.stream().anyMatch(one -> new Migration(one).alarm())) {
      lines.add("ALARM: a move needs a person. To do: 'godwit explain VM' says what.");
    }
    options.output().lines(lines);
    return ExitCodes.DONE;
  }
}
