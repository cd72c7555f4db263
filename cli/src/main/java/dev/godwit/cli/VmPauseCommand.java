package dev.godwit.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** godwit vm pause. */
@Command(
    name = "pause",
    mixinStandardHelpOptions = true,
    description = "Pause a guest; its memory stays.")
final class VmPauseCommand implements Callable<Integer> {
  @Mixin ApiOptions options;

  @Parameters(paramLabel = "VM", description = "The guest's name or UUID.")
  String vm;

  @Option(names = "--wait", description = "Return when it is PAUSED or failed.")
  boolean wait;

  @Override
  public Integer call() {
    return new VmAction("pause", Api.object().putNull("pause"), Optional.of("PAUSED"))
        .run(options, vm, wait);
  }
}
