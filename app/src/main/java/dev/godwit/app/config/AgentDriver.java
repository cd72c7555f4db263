package dev.godwit.app.config;

import dev.godwit.agent.AgentConfiguration;
import dev.godwit.simulation.driver.SimulatedHosts;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What {@code godwit agent} commands: option {@code agent.driver}. */
public sealed interface AgentDriver {
  /** This host's libvirt; the default. */
  record Libvirt(AgentConfiguration agent) implements AgentDriver {}

  /** Hosts that are none, all in this process. */
  record Simulated(SimulatedHosts.Configuration hosts) implements AgentDriver {}

  /** From a file; {@link ConfigurationRefused} with all that is wrong. */
  static AgentDriver read(Path file) {
    return ConfigurationFile.read(file, AgentDriver::of);
  }

  private static AgentDriver of(Table root) {
    Optional<String> driver = root.table("agent").word("driver", List.of("libvirt", "simulated"));
    return driver.filter("simulated"::equals).isPresent()
        ? new Simulated(SimulationSettings.of(root))
        : new Libvirt(AgentSettings.of(root));
  }
}
