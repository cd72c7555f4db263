package dev.godwit.cli;

import picocli.CommandLine.Command;

/** godwit host … */
@Command(
    name = "host",
    mixinStandardHelpOptions = true,
    description = "The hypervisor hosts.",
    subcommands = {
      HostListCommand.class,
      HostEnableCommand.class,
      HostDisableCommand.class,
      HostFenceCommand.class
    })
final class HostCommands {}
