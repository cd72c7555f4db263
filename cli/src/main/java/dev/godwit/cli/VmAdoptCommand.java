package dev.godwit.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** godwit vm adopt: takes in a guest that already runs on a host, without restarting it. */
@Command(
    name = "adopt",
    mixinStandardHelpOptions = true,
    description = "Take in a guest that already runs on a host, without restarting it.")
final class VmAdoptCommand implements Callable<Integer> {
  /** A guest libvirt knows, and its host. */
  private record Found(String host, JsonNode guest) {
    String uuid() {
      return Doc.text(guest, "uuid");
    }
  }

  @Mixin ApiOptions options;

  @Parameters(paramLabel = "VM", description = "The name or UUID libvirt has for it.")
  String vm;

  @Option(names = "--host", paramLabel = "HOST", description = "The host it runs on.")
  Optional<String> host;

  @Override
  public Integer call() {
    Api api = options.api();
    Found found = find(api);
    JsonNode adopted =
        api.post(
                "adopt " + vm,
                "/godwit/v1/guests/adopt",
                Api.object().put("host", found.host()).put("uuid", found.uuid()))
            .path("server");
    VmShowCommand.print(options, adopted);
    return ExitCodes.DONE;
  }

  private Found find(Api api) {
    Hosts hosts = Hosts.of(api);
    host.ifPresent(hosts::require);
    List<Found> found =
        hosts.all().stream()
            .filter(one -> host.isEmpty() || Doc.text(one, "name").equals(host.get()))
            .flatMap(one ->
                Doc.list(one, "guests").stream()
                    .filter(this::isMeant)
                    .map(guest -> new Found(Doc.text(one, "name"), guest)))
            .toList();
    if (found.isEmpty()) {
      throw new CommandFailure(
          ExitCodes.NOT_FOUND,
          "There is no guest '" + vm + "'" + host.map(h -> " on " + h).orElse(" on any host") + ".",
          "no agent has announced one of this name or UUID",
          "See 'virsh list --all' on the host, and 'godwit host list' for whether it is up.");
    }
    if (found.size() > 1) {
      throw new CommandFailure(
          ExitCodes.CONFLICT,
          "'" + vm + "' means " + found.size() + " guests.",
          String.join(", ", found.stream().map(f -> f.uuid() + " on " + f.host()).toList()),
          "Name it by its UUID, and its host with --host.");
    }
    return found.getFirst();
  }

  private boolean isMeant(JsonNode guest) {
    return Doc.text(guest, "uuid").equalsIgnoreCase(vm) || Doc.text(guest, "name").equals(vm);
  }
}
