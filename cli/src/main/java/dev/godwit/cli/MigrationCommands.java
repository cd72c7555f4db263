package dev.godwit.cli;

import picocli.CommandLine.Command;

/** godwit migration … */
@Command(
    name = "migration",
    mixinStandardHelpOptions = true,
    description = "The moves of guests, under way and ended.",
    subcommands = {
      MigrationListCommand.class,
      MigrationShowCommand.class,
      MigrationAbortCommand.class,
      MigrationForceCompleteCommand.class,
      MigrationRuleCommand.class
    })
final class MigrationCommands {}
