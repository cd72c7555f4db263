package dev.godwit.app;

import dev.godwit.agent.Agent;
import dev.godwit.agent.AgentConfiguration;
import dev.godwit.agent.Machine;
import dev.godwit.agent.host.TcpPatience;
import dev.godwit.app.config.AgentSettings;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** godwit agent: a hypervisor host's hands. */
@Command(
    name = "agent",
    mixinStandardHelpOptions = true,
    subcommands = AgentLockCommand.class,
    description = "Run the agent of this hypervisor host.")
final class AgentCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      defaultValue = "/etc/godwit/agent.toml",
      description = "A TOML file. Default: ${DEFAULT-VALUE}.")
  Path config;

  @Override
  public Integer call() throws InterruptedException {
    AgentConfiguration configuration = AgentSettings.read(config);
    Logging.start();
    Agent agent = new Agent(configuration, Machine.real());
    Runtime.getRuntime().addShutdownHook(new Thread(agent::close, "shutdown"));
    agent.start();
    Logger log = LoggerFactory.getLogger(AgentCommand.class);
    log.atInfo().addKeyValue("host", configuration.host()).log("the agent is up");
    TcpPatience.advice().ifPresent(log::warn);
    agent.awaitEnd();
    return 0;
  }
}
