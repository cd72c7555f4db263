package dev.godwit.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** godwit vm reboot. */
@Command(name = "reboot", mixinStandardHelpOptions = true, description = "Reboot a guest.")
final class VmRebootCommand implements Callable<Integer> {
  @Mixin ApiOptions options;

  @Parameters(paramLabel = "VM", description = "The guest's name or UUID.")
  String vm;

  @Option(names = "--hard", description = "Without asking the guest.")
  boolean hard;

  @Option(names = "--wait", description = "Return when it is ACTIVE or failed.")
  boolean wait;

  @Override
  public Integer call() {
    ObjectNode body = Api.object();
    body.putObject("reboot").put("type", hard ? "HARD" : "SOFT");
    return new VmAction("reboot", body, Optional.of("ACTIVE")).run(options, vm, wait);
  }
}
