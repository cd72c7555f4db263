package dev.godwit.simulation.net;

import dev.godwit.agent.AgentConfiguration;
import dev.godwit.agent.Hands;
import dev.godwit.agent.Machine;
import dev.godwit.agent.act.CopyReader;
import dev.godwit.agent.look.Reports;
import dev.godwit.agent.note.Note;
import dev.godwit.core.migration.Rules;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.model.GuestListing;
import dev.godwit.core.model.HostInventory;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.MigrationSample;
import dev.godwit.libvirt.JobStats;
import dev.godwit.libvirt.LibvirtException;
import dev.godwit.simulation.time.SimulatedProcess;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One run of a host's agent: the real hands, on a simulated machine. */
public final class SimulatedAgent {
  private static final Duration ANNOUNCE = Duration.ofSeconds(2);

  private final String host;
  private final SimulatedProcess process;
  private final Network network;
  private final Supplier<List<SimulatedServer>> servers;
  private @Nullable Hands hands;

  public SimulatedAgent(
      String host,
      SimulatedProcess process,
      Network network,
      Supplier<List<SimulatedServer>> servers) {
    this.host = host;
    this.process = process;
    this.network = network;
    this.servers = servers;
  }

  public SimulatedProcess process() {
    return process;
  }

  /** Begins; it serves when it has found again what was under way. */
  public void start(AgentConfiguration configuration, Machine machine, Rules rules) {
    process.run(
        "main",
        () -> {
          Hands fresh =
              new Hands(
                  configuration,
                  machine,
                  rules,
                  listing -> new News(machine, fresh2 -> sendPower(listing.find(fresh2))));
          fresh.start();
          hands = fresh;
          announce(fresh);
        });
  }

  /** The hands, once it serves. */
  Optional<Hands> hands() {
    return process.alive() ? Optional.ofNullable(hands) : Optional.empty();
  }

  private void announce(Hands hands) {
    while (true) {
      try {
        HostInventory inventory = hands.inventory().now(1);
        tell(server -> server.announced(inventory));
      } catch (RuntimeException e) {
        // A host that cannot be described is not announced.
      }
      try {
        process.tempo().rest(ANNOUNCE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void tell(Consumer<SimulatedServer> news) {
    for (SimulatedServer server : servers.get()) {
      network.send(host, server.name(), () -> news.accept(server));
    }
  }

  private void sendPower(Optional<GuestListing> guest) {
    guest.ifPresent(it -> tell(server -> server.guest(host, it)));
  }

  /** What the hands report goes to every server, or is lost on its way. */
  private final class News implements Reports {
    private final Machine machine;
    private final Consumer<InstanceId> power;

    News(Machine machine, Consumer<InstanceId> power) {
      this.machine = machine;
      this.power = power;
    }

    @Override
    public void seen(Note note, HostView view) {
      MigrationId migration = MigrationId.of(note.migration());
      tell(server -> server.seen(host, migration, view));
    }

    @Override
    public void progress(MigrationId migration, MigrationSample sample) {
      tell(server -> server.progress(migration, sample));
    }

    @Override
    public void completed(MigrationId migration, JobStats stats) {
      progress(migration, CopyReader.completed(machine.clock(), stats));
    }

    @Override
    public void power(InstanceId instance) {
      Thread.ofVirtual()
          .start(() -> {
            try {
              power.accept(instance);
            } catch (LibvirtException e) {
              // The next announcement tells.
            }
          });
    }
  }
}
