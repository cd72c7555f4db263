package dev.godwit.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** godwit vm list: the guests and where they are. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "The guests and where they are.")
final class VmListCommand implements Callable<Integer> {
  @Mixin ApiOptions options;

  @Option(names = "--host", paramLabel = "HOST", description = "Only those on this host.")
  Optional<String> host;

  @Override
  public Integer call() {
    List<JsonNode> servers =
        new Guests(options.api())
            .all().stream()
                .filter(server -> host.isEmpty() || Guests.host(server).equals(host.get()))
                .toList();
    if (options.json) {
      ObjectNode answer = Api.object();
      answer.putArray("servers").addAll(servers);
      options.output().json(answer);
      return ExitCodes.DONE;
    }
    Table table = new Table("ID", "NAME", "STATUS", "TASK", "HOST", "FLAVOR");
    for (JsonNode server : servers) {
      table.row(
          Doc.text(server, "id"),
          Doc.text(server, "name"),
          Doc.text(server, "status"),
          Doc.text(server, "OS-EXT-STS:task_state"),
          Guests.host(server),
          Doc.text(server.path("flavor"), "original_name"));
    }
    options.output().lines(table.lines());
    return ExitCodes.DONE;
  }
}
