package dev.godwit.app.agent;

import dev.godwit.core.model.HostName;
import dev.godwit.libvirt.Connection;
import dev.godwit.simulation.driver.DrivenHost;
import dev.godwit.wire.MutualTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.function.Function;

/** A host of the simulated driver. */
final class SimulatedHostUnderTest implements HostUnderTest {
  private final HostName name;
  private final DrivenHost host;
  private final MutualTls tls;
  private AgentCalls calls;

  SimulatedHostUnderTest(HostName name, DrivenHost host, MutualTls tls) {
    this.name = name;
    this.host = host;
    this.tls = tls;
    this.calls = connect();
  }

  private AgentCalls connect() {
    return new AgentCalls(name, host.port(), tls);
  }

  @Override
  public AgentCalls agent() {
    return calls;
  }

  @Override
  public void restartAgent() {
    close();
    host.close();
    host.start();
    calls = connect();
  }

  @Override
  public <T> T libvirt(Function<Connection, T> work) {
    return host.libvirt(work);
  }

  @Override
  public void killDaemon() {
    host.killDaemon();
  }

  @Override
  public void startDaemon() {
    host.startDaemon();
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
    return "/shared";
  }

  @Override
  public boolean exists(String file) {
    return host.files(files -> Files.exists(files.getPath(file)));
  }

  @Override
  public void put(String file) {
    host.files(files -> {
      try {
        return Files.writeString(files.getPath(file), "theirs");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  @Override
  public void remove(String file) {
    host.files(files -> FileTrees.remove(files.getPath(file)));
  }

  @Override
  public void close() {
    calls.close();
  }
}
