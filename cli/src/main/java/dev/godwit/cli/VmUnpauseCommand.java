package dev.godwit.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** godwit vm unpause. */
@Command(
    name = "unpause",
    mixinStandardHelpOptions = true,
    description = "Let a paused guest go on.")
final class VmUnpauseCommand implements Callable<Integer> {
  @Mixin ApiOptions options;

  @Parameters(paramLabel = "VM", description = "The guest's name or UUID.")
  String vm;

  @Option(names = "--wait", description = "Return when it is ACTIVE or failed.")
  boolean wait;

  @Override
  public Integer call() {
    return new VmAction("unpause", Api.object().putNull("unpause"), Optional.of("ACTIVE"))
        .run(options, vm, wait);
  }
}
