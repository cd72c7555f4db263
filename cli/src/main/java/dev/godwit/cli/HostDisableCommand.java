package dev.godwit.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** godwit host disable: no guest may come to it; those there stay. */
@Command(
    name = "disable",
    mixinStandardHelpOptions = true,
    description = "Let no guest come to a host; those there stay.")
final class HostDisableCommand implements Callable<Integer> {
  @Mixin ApiOptions options;

  @Parameters(paramLabel = "HOST", description = "The host's name.")
  String host;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for those who wonder.")
  Optional<String> reason;

  @Override
  public Integer call() {
    JsonNode service = ComputeService.change(options.api(), host, "disabled", reason);
    if (options.json) {
      options.output().json(service);
    } else {
      options.output().line(host + " is disabled: no guest will come to it.");
    }
    return ExitCodes.DONE;
  }
}
