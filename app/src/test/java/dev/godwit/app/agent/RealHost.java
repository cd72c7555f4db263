package dev.godwit.app.agent;

import dev.godwit.agent.Agent;
import dev.godwit.agent.AgentConfiguration;
import dev.godwit.agent.Machine;
import dev.godwit.core.model.HostName;
import dev.godwit.lab.Lab;
import dev.godwit.lab.host.LabFolder;
import dev.godwit.lab.host.LabHost;
import dev.godwit.lab.host.Pki;
import dev.godwit.libvirt.Connection;
import dev.godwit.libvirt.ConnectionOptions;
import dev.godwit.wire.MutualTls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A host of the lab; its agent lives in this process, and its files are the machine's. */
final class RealHost implements HostUnderTest {
  private final Lab lab;
  private final LabHost host;
  private final MutualTls tls;
  private final Path state;
  private Agent agent;
  private AgentCalls calls;

  RealHost(Lab lab, String name) {
    this.lab = lab;
    this.host = lab.host(name);
    Pki pki = new Pki(new LabFolder(lab.folder()));
    this.tls = new MutualTls(pki.authority(), pki.certificate(host.name()), pki.key(host.name()));
    this.state = host.home().resolve("agent-in-test");
    this.agent = begin();
    this.calls = connect();
  }

  private Agent begin() {
    Agent fresh =
        new Agent(
            new AgentConfiguration(
                name(),
                host.address(),
                0,
                state,
                // Nothing serves there; this process commands the agent as that server would.
                List.of("127.0.0.1:1"),
                Duration.ofMillis(200),
                new AgentConfiguration.Daemon(
                    host.libvirtUri(),
                    Optional.of("qemu"),
                    "qemu+tcp://%s/system",
                    false,
                    host.address(),
                    true),
                new AgentConfiguration.Directories(
                    Optional.of(Path.of(sharedDirectory())), state.resolve("instances")),
                Optional.empty(),
                tls),
            Machine.real());
    fresh.start();
    return fresh;
  }

  private HostName name() {
    return new HostName(host.name());
  }

  private AgentCalls connect() {
    return new AgentCalls(name(), agent.port(), tls);
  }

  @Override
  public AgentCalls agent() {
    return calls;
  }

  @Override
  public void restartAgent() {
    close();
    agent = begin();
    calls = connect();
  }

  @Override
  public <T> T libvirt(Function<Connection, T> work) {
    try (Connection connection = Connection.open(ConnectionOptions.to(host.libvirtUri()))) {
      return work.apply(connection);
    }
  }

  @Override
  public void killDaemon() {
    lab.kill(host.name(), "libvirtd");
  }

  @Override
  public void startDaemon() {
    lab.start(host.name(), "libvirtd");
  }

  @Override
  public String libvirtUri() {
    return "qemu+tcp://" + host.address() + "/system";
  }

  @Override
  public String migrateUri() {
    return "tcp://" + host.address();
  }

  @Override
  public String sharedDirectory() {
    return new LabFolder(lab.folder()).shared().toString();
  }

  @Override
  public boolean exists(String file) {
    return Files.exists(Path.of(file));
  }

  @Override
  public void put(String file) {
    LabFolder.write(Path.of(file), "theirs");
  }

  @Override
  public void remove(String file) {
    FileTrees.remove(Path.of(file));
  }

  @Override
  public void close() {
    calls.close();
    agent.close();
  }
}
