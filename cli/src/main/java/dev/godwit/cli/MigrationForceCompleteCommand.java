package dev.godwit.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** godwit migration force-complete: by post-copy where it is allowed, else by a longer pause. */
@Command(
    name = "force-complete",
    mixinStandardHelpOptions = true,
    description = "Finish a move now: by post-copy where allowed, else by pausing the guest.")
final class MigrationForceCompleteCommand implements Callable<Integer> {
  @Mixin ApiOptions options;

  @Parameters(paramLabel = "MIGRATION", description = "Its number or UUID.")
  String reference;

  @Override
  public Integer call() {
    Api api = options.api();
    Migration migration = Migration.find(api, reference);
    JsonNode ignored =
        api.post(
            "force migration " + reference + " to complete",
            "/v2.1/servers/"
                + migration.instance()
                + "/migrations/"
                + migration.number()
                + "/action",
            Api.object().putNull("force_complete"));
    if (options.json) {
      options.output().json(Migration.find(api, reference).json());
    } else {
      options
          .output()
          .line(
              "Accepted: migration %d is to complete now. See 'godwit migration show %d'."
                  .formatted(migration.number(), migration.number()));
    }
    return ExitCodes.DONE;
  }
}
