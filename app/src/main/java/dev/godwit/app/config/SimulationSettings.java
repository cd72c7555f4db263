package dev.godwit.app.config;

import dev.godwit.core.model.HostName;
import dev.godwit.simulation.driver.SimulatedHosts;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** The options of {@code godwit agent} with the simulated driver. */
final class SimulationSettings {
  /** Each has a port, a server and some threads. */
  private static final int MOST_HOSTS = 1_000;

  private static final int LAST_PORT = 65_535;

  private SimulationSettings() {}

  static SimulatedHosts.Configuration of(Table root) {
    for (String section : List.of("libvirt", "directories", "network")) {
      root.refuse(section, "no such section with driver = \"simulated\": its hosts are in memory");
    }
    Table agent = root.table("agent");
    agent.refuse("state_directory", "none with driver = \"simulated\": its notes are in memory");
    String name = AgentSettings.host(agent).value();
    Table simulation = root.table("simulation");
    int hosts = simulation.whole("hosts", 2, 1, MOST_HOSTS);
    return new SimulatedHosts.Configuration(
        IntStream.rangeClosed(1, hosts).mapToObj(i -> new HostName(name + "-" + i)).toList(),
        agent.required("address"),
        firstPort(agent, hosts),
        AgentSettings.servers(agent),
        Duration.ofSeconds(agent.whole("stop_patience_seconds", 60, 0, 60)),
        files(simulation),
        ServerSettings.tls(root.table("tls")));
  }

  private static int firstPort(Table agent, int hosts) {
    int first = agent.whole("bind_port", 8776, 0, LAST_PORT);
    if (first + hosts - 1 > LAST_PORT) {
      agent.trouble(
          "bind_port",
          "0, or a port that %d more follow, one for each host".formatted(hosts - 1),
          Integer.toString(first));
    }
    return first;
  }

  private static List<String> files(Table simulation) {
    List<String> files = simulation.texts("files", List.of());
    files.stream()
        .filter(file -> !file.matches("(/[^/\\s]+)+"))
        .forEach(file -> simulation.trouble("files", "absolute paths", "\"" + file + "\""));
    return files;
  }
}
