package dev.godwit.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** godwit host enable: guests may come to it again. */
@Command(
    name = "enable",
    mixinStandardHelpOptions = true,
    description = "Let guests come to a host again.")
final class HostEnableCommand implements Callable<Integer> {
  @Mixin ApiOptions options;

  @Parameters(paramLabel = "HOST", description = "The host's name.")
  String host;

  @Override
  public Integer call() {
    JsonNode service = ComputeService.change(options.api(), host, "enabled", Optional.empty());
    if (options.json) {
      options.output().json(service);
    } else {
      options.output().line(host + " is enabled.");
    }
    return ExitCodes.DONE;
  }
}
