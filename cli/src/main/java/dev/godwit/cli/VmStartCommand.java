package dev.godwit.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** godwit vm start. */
@Command(
    name = "start",
    mixinStandardHelpOptions = true,
    description = "Start a guest that is shut off.")
final class VmStartCommand implements Callable<Integer> {
  @Mixin ApiOptions options;

  @Parameters(paramLabel = "VM", description = "The guest's name or UUID.")
  String vm;

  @Option(names = "--wait", description = "Return when it is ACTIVE or failed.")
  boolean wait;

  @Override
  public Integer call() {
    return new VmAction("start", Api.object().putNull("os-start"), Optional.of("ACTIVE"))
        .run(options, vm, wait);
  }
}
