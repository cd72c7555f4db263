package dev.godwit.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** godwit vm stop. */
@Command(name = "stop", mixinStandardHelpOptions = true, description = "Shut a guest down.")
final class VmStopCommand implements Callable<Integer> {
  @Mixin ApiOptions options;

  @Parameters(paramLabel = "VM", description = "The guest's name or UUID.")
  String vm;

  @Option(names = "--wait", description = "Return when it is SHUTOFF or failed.")
  boolean wait;

  @Override
  public Integer call() {
    return new VmAction("stop", Api.object().putNull("os-stop"), Optional.of("SHUTOFF"))
        .run(options, vm, wait);
  }
}
