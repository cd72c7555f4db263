package dev.godwit.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Console;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** godwit migrate: moves a running guest to another host. */
@Command(
    name = "migrate",
    mixinStandardHelpOptions = true,
    description = "Move a running guest to another host, without stopping it.")
final class MigrateCommand implements Callable<Integer> {
  private static final int TRIES = 20;

  /** How to show a followed move. */
  enum Style {
    auto,
    live,
    plain
  }

  @Mixin ApiOptions options;

  @Parameters(paramLabel = "VM", description = "The guest's name or UUID.")
  String vm;

  @Option(
      names = "--to",
      paramLabel = "HOST",
      description = "The destination. Default: the best of those that can take it.")
  Optional<String> destination;

  @Option(names = "--dry-run", description = "Move nothing; say for every host whether and why.")
  boolean dryRun;

  @Option(
      names = "--follow",
      description =
          "Show the move until it ends; the exit code is its outcome. With --json one object on a"
              + " line for each event.")
  boolean follow;

  @Option(
      names = "--block-migration",
      paramLabel = "auto|true|false",
      defaultValue = "auto",
      converter = BlockMigration.Converter.class,
      completionCandidates = BlockMigration.Words.class,
      description = "Copy local disks: as each disk needs it, yes, or no. Default: auto.")
  BlockMigration blockMigration;

  @Option(
      names = "--progress",
      paramLabel = "auto|live|plain",
      defaultValue = "auto",
      description =
          "How --follow shows it: one line rewritten (a terminal's default), or a line for each"
              + " change.")
  Style style;

  @Override
  public Integer call() {
    if (dryRun && follow) {
      throw options.usage("--dry-run moves nothing, so there is nothing to --follow");
    }
    Api api = options.api();
    JsonNode server = new Guests(api).find(vm);
    destination.ifPresent(host -> Hosts.of(api).require(host));
    if (dryRun) {
      return plan(api, server);
    }
    refuseWhereItIs(Guests.host(server));
    Migration started = start(api, server);
    if (!follow) {
      announce(started);
      return ExitCodes.DONE;
    }
    return outcome(new Follower(api, progress(), Follower.Pace.USUAL).follow(started));
  }

  private void refuseWhereItIs(String host) {
    if (destination.filter(host::equals).isPresent()) {
      throw new CommandFailure(
          ExitCodes.FAILED,
          vm + " was not moved.",
          "it is on " + host + " already",
          "Name another host with --to, or none, and the best one is chosen.");
    }
  }

  private int plan(Api api, JsonNode server) {
    Plan plan = Plan.ask(api, server, destination, blockMigration);
    if (options.json) {
      options.output().json(plan.json());
    } else {
      options.output().lines(plan.report());
    }
    return plan.possible() ? ExitCodes.DONE : ExitCodes.FAILED;
  }

  private Migration start(Api api, JsonNode server) {
    String id = Doc.text(server, "id");
    long before =
        Migration.ofInstance(api, id).stream().mapToLong(Migration::number).max().orElse(0);
    ObjectNode body = Api.object();
    ObjectNode move = body.putObject("os-migrateLive").put("host", destination.orElse(null));
    move.set("block_migration", blockMigration.json());
    JsonNode ignored = api.post("migrate " + vm, "/v2.1/servers/" + id + "/action", body);
    for (int attempt = 0; attempt < TRIES; attempt++) {
      List<Migration> known = Migration.ofInstance(api, id);
      if (!known.isEmpty() && known.getFirst().number() > before) {
        return known.getFirst();
      }
      rest();
    }
    throw new CommandFailure(
        ExitCodes.FAILED,
        "The move of " + vm + " was accepted, but no migration came of it.",
        "the API shows none newer than number " + before,
        "See 'godwit explain " + vm + "' and the server's log.");
  }

  private void announce(Migration started) {
    if (options.json) {
      options.output().json(started.json());
    } else {
      options
          .output()
          .line(
              "Accepted: migration %d of %s from %s to %s. See 'godwit migration show %d'."
                  .formatted(
                      started.number(),
                      started.guest(),
                      started.source(),
                      started.destination().or(() -> destination).orElse("the best host"),
                      started.number()));
    }
  }

  private Progress progress() {
    if (options.json) {
      return new Progress.JsonLines(options.output());
    }
    return switch (style) {
      case live -> new Progress.Live(options.output());
      case plain -> new Progress.Plain(options.output());
      case auto ->
          isTerminal() ? new Progress.Live(options.output()) : new Progress.Plain(options.output());
    };
  }

  private int outcome(Migration ended) {
    if (!ended.completed()) {
      throw ended.failure();
    }
    if (!options.json) {
      options.output().line(ended.outcome());
    }
    return ExitCodes.DONE;
  }

  private static boolean isTerminal() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }

  private static void rest() {
    try {
      Thread.sleep(250);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCodes.FAILED, "The command was interrupted.", "", "");
    }
  }
}
