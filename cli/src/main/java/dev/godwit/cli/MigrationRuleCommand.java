package dev.godwit.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** godwit migration rule: where a guest lives, when nothing that can be looked at tells. */
@Command(
    name = "rule",
    mixinStandardHelpOptions = true,
    description = {
      "Say on which host a guest lives, when its move is held and asks for it: it is off on both, or only a copy runs that the record does not own.",
      "What the other host has of it is removed. Refused while Godwit can tell by itself."
    })
final class MigrationRuleCommand implements Callable<Integer> {
  @Mixin ApiOptions options;

  @Parameters(paramLabel = "MIGRATION", description = "Its number or UUID.")
  String reference;

  @Option(
      names = "--home",
      required = true,
      paramLabel = "HOST",
      description = "The host whose copy and disks are kept: the move's source or its destination.")
  String home;

  @Option(
      names = "--reason",
      required = true,
      paramLabel = "TEXT",
      description = "How that is known.")
  String reason;

  @Override
  public Integer call() {
    Api api = options.api();
    Migration migration = Migration.find(api, reference);
    JsonNode answer =
        api.post(
            "rule on migration " + reference,
            "/godwit/v1/migrations/" + migration.id() + "/ruling",
            Api.object().put("home", home).put("reason", reason));
    if (options.json) {
      options.output().json(answer);
    } else {
      options
          .output()
          .line(
              "Accepted: it is recorded that %s lives on %s. See 'godwit migration show %d'."
                  .formatted(migration.guest(), home, migration.number()));
    }
    return ExitCodes.DONE;
  }
}
