package dev.godwit.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** godwit migration abort: the guest stays where it is. */
@Command(
    name = "abort",
    mixinStandardHelpOptions = true,
    description = "Call a move off; the guest stays on the source. Too late after the commit.")
final class MigrationAbortCommand implements Callable<Integer> {
  @Mixin ApiOptions options;

  @Parameters(paramLabel = "MIGRATION", description = "Its number or UUID.")
  String reference;

  @Override
  public Integer call() {
    Api api = options.api();
    Migration migration = Migration.find(api, reference);
    api.delete(
        "abort migration " + reference,
        "/v2.1/servers/" + migration.instance() + "/migrations/" + migration.number());
    if (options.json) {
      options.output().json(Migration.find(api, reference).json());
    } else {
      options
          .output()
          .line(
              "Accepted: an end of migration %d was asked for; then %s stays on %s. See 'godwit migration show %d'."
                  .formatted(
                      migration.number(),
                      migration.guest(),
                      migration.source(),
                      migration.number()));
    }
    return ExitCodes.DONE;
  }
}
