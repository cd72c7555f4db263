package dev.godwit.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** godwit host list: the hosts, and what room they have. */
@Command(name = "list", mixinStandardHelpOptions = true, description = "The hosts and their room.")
final class HostListCommand implements Callable<Integer> {
  @Mixin ApiOptions options;

  @Override
  public Integer call() {
    JsonNode answer = options.api().get("list the hosts", "/godwit/v1/hosts");
    if (options.json) {
      options.output().json(answer);
      return ExitCodes.DONE;
    }
    Table table =
        new Table(
            "HOST",
            "ADDRESS",
            "STATE",
            "HYPERVISOR",
            "VCPUS",
            "MEMORY",
            "CLAIMABLE",
            "DISK FREE",
            "GUESTS");
    for (JsonNode host : Doc.list(answer, "hosts")) {
      table.row(
          Doc.text(host, "name"),
          Doc.text(host, "address"),
          state(host),
          Doc.text(host, "hypervisor_type") + " " + Doc.text(host, "hypervisor_version"),
          Doc.text(host, "vcpus"),
          Doc.text(host, "memory_mib") + " MiB",
          Doc.text(host, "free_memory_mib") + " MiB",
          Doc.text(host, "free_local_gib") + " of " + Doc.text(host, "local_gib") + " GiB",
          String.valueOf(host.path("guests").size()));
    }
    options.output().lines(table.lines());
    return ExitCodes.DONE;
  }

  private static Optional<String> fence(JsonNode host) {
    JsonNode fence = host.path("fenced");
    return fence.isObject()
        ? Optional.of("%s %s".formatted(Doc.text(fence, "by"), Doc.text(fence, "since")))
        : Optional.empty();
  }

  static String state(JsonNode host) {
    String up =
        host.path("up").booleanValue()
            ? "up"
            : fence(host).map("DEAD, said "::concat).orElse("DOWN");
    return host.path("enabled").booleanValue()
        ? up
        : up
            + ", disabled"
            + Doc.maybe(host, "disabled_reason").map(why -> " (" + why + ")").orElse("");
  }
}
