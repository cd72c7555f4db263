package dev.godwit.app;

import dev.godwit.agent.Agent;
import dev.godwit.agent.AgentConfiguration;
import dev.godwit.agent.Machine;
import dev.godwit.agent.host.TcpPatience;
import dev.godwit.app.config.AgentDriver;
import dev.godwit.simulation.driver.SimulatedHosts;
import dev.godwit.wire.MachineTempo;
import java.nio.file.Path;
import java.time.Clock;
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
    AgentDriver driver = AgentDriver.read(config);
    Logging.start();
    switch (driver) {
      case AgentDriver.Libvirt(AgentConfiguration configuration) -> run(configuration);
      case AgentDriver.Simulated(SimulatedHosts.Configuration hosts) -> simulate(hosts);
    }
    return 0;
  }

  private static void run(AgentConfiguration configuration) throws InterruptedException {
    Agent agent = new Agent(configuration, Machine.real());
    Runtime.getRuntime().addShutdownHook(new Thread(agent::close, "shutdown"));
    agent.start();
    Logger log = LoggerFactory.getLogger(AgentCommand.class);
    log.atInfo().addKeyValue("host", configuration.host()).log("the agent is up");
    TcpPatience.advice().ifPresent(log::warn);
    agent.awaitEnd();
  }

  private static void simulate(SimulatedHosts.Configuration configuration)
      throws InterruptedException {
    SimulatedHosts hosts = new SimulatedHosts(configuration, Clock.systemUTC(), new MachineTempo());
    Runtime.getRuntime().addShutdownHook(new Thread(hosts::close, "shutdown"));
    hosts.start();
    hosts.awaitEnd();
  }
}
