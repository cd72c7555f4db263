package dev.godwit.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** godwit explain: where a guest is, what happens to it and why. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = "Where a guest is, what its move waits for, and which hosts could take it.")
final class ExplainCommand implements Callable<Integer> {
  @Mixin ApiOptions options;

  @Parameters(paramLabel = "VM", description = "The guest's name or UUID.")
  String vm;

  @Override
  public Integer call() {
    Api api = options.api();
    JsonNode server = new Guests(api).find(vm);
    List<Migration> migrations = Migration.ofInstance(api, Doc.text(server, "id"));
    Optional<Migration> newest = migrations.stream().findFirst();
    Optional<Migration> whole = newest.map(one -> Migration.find(api, one.id()));
    boolean moving = whole.filter(one -> !one.ended()).isPresent();
    Optional<Plan> plan = Optional.empty();
    Optional<String> noPlan = Optional.empty();
    if (!moving) {
      try {
        plan = Optional.of(Plan.ask(api, server, Optional.empty(), BlockMigration.AUTO));
      } catch (CommandFailure e) {
        noPlan = Optional.of(refused(e));
      }
    }
    Hosts hosts = Hosts.of(api);
    Optional<JsonNode> host = hosts.find(Guests.host(server));
    Optional<String> elsewhere = moving ? Optional.empty() : hosts.runsElsewhere(server);
    if (options.json) {
      ObjectNode answer = Api.object();
      answer.set("server", server);
      answer.set("host", host.orElse(null));
      answer.set("migration", whole.map(Migration::json).orElse(null));
      answer.set("plan", plan.map(Plan::json).orElse(null));
      options.output().json(answer);
    } else {
      List<String> lines =
          new ArrayList<>(new Explanation(server, host, elsewhere, whole, plan).lines());
      noPlan.ifPresent(why -> lines.add("Where it could go was not said: " + why));
      options.output().lines(lines);
    }
    return ExitCodes.DONE;
  }

  /** A refused plan is part of the answer; an API that is away or says no to the token is not. */
  private static String refused(CommandFailure failure) {
    if (failure.exitCode() != ExitCodes.FAILED && failure.exitCode() != ExitCodes.CONFLICT) {
      throw failure;
    }
    return failure.why();
  }
}
