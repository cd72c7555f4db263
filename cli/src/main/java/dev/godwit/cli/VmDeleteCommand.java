package dev.godwit.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** godwit vm delete: the guest and its disks, for good. */
@Command(
    name = "delete",
    mixinStandardHelpOptions = true,
    description = "Delete a guest and its disks, for good.")
final class VmDeleteCommand implements Callable<Integer> {
  @Mixin ApiOptions options;

  @Parameters(paramLabel = "VM", description = "The guest's name or UUID.")
  String vm;

  @Option(names = "--wait", description = "Return when it is gone.")
  boolean wait;

  @Override
  public Integer call() {
    Api api = options.api();
    Guests guests = new Guests(api);
    JsonNode server = guests.find(vm);
    String id = Doc.text(server, "id");
    api.delete("delete " + vm, "/v2.1/servers/" + id);
    if (wait) {
      guests.awaitGone(id);
    }
    if (options.json) {
      options.output().json(Api.object().put("id", id).put("deleted", wait));
    } else {
      options.output().line(vm + (wait ? " is deleted." : " is being deleted."));
    }
    return ExitCodes.DONE;
  }
}
