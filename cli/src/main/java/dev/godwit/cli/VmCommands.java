package dev.godwit.cli;

import picocli.CommandLine.Command;

/** godwit vm … */
@Command(
    name = "vm",
    mixinStandardHelpOptions = true,
    description = "The guests.",
    subcommands = {
      VmListCommand.class,
      VmShowCommand.class,
      VmCreateCommand.class,
      VmAdoptCommand.class,
      VmDeleteCommand.class,
      VmStopCommand.class,
      VmStartCommand.class,
      VmRebootCommand.class,
      VmPauseCommand.class,
      VmUnpauseCommand.class
    })
final class VmCommands {}
