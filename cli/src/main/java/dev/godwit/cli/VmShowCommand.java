package dev.godwit.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** godwit vm show: one guest. */
@Command(name = "show", mixinStandardHelpOptions = true, description = "One guest.")
final class VmShowCommand implements Callable<Integer> {
  @Mixin ApiOptions options;

  @Parameters(paramLabel = "VM", description = "The guest's name or UUID.")
  String vm;

  @Override
  public Integer call() {
    JsonNode server = new Guests(options.api()).find(vm);
    print(options, server);
    return ExitCodes.DONE;
  }

  static void print(ApiOptions options, JsonNode server) {
    if (options.json) {
      options.output().json(server);
    } else {
      options.output().lines(facts(server));
    }
  }

  private static List<String> facts(JsonNode server) {
    JsonNode flavor = server.path("flavor");
    Table table =
        Table.facts()
            .row("id", Doc.text(server, "id"))
            .row("name", Doc.text(server, "name"))
            .row("status", Doc.text(server, "status"))
            .row("task", Doc.text(server, "OS-EXT-STS:task_state"))
            .row("host", Guests.host(server))
            .row(
                "flavor",
                "%s (%s vCPUs, %s MiB)"
                    .formatted(
                        Doc.text(flavor, "original_name"),
                        Doc.text(flavor, "vcpus"),
                        Doc.text(flavor, "ram")))
            .row("image", Doc.maybe(server.path("image"), "id").orElse("-"))
            .row("created", Doc.text(server, "created"));
    Doc.maybe(server.path("fault"), "message").ifPresent(fault -> table.row("fault", fault));
    return table.lines();
  }
}
