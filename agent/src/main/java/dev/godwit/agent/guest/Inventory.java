package dev.godwit.agent.guest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.agent.AgentConfiguration;
import dev.godwit.agent.disk.Durable;
import dev.godwit.agent.host.LibvirtUri;
import dev.godwit.core.model.HostInventory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** What this host tells the servers of itself. */
public final class Inventory {
  private static final long GIB = 1L << 30;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final AgentConfiguration configuration;
  private final Hypervisors hypervisors;
  private final Listing listing;
  private final HostMemory memory;
  private final Path uptime;
  private final Identity identity;
  private volatile Optional<Cpu> cpu = Optional.empty();

  /** What is told of the processor, as long as the same hypervisor is found. */
  private record Cpu(Hypervisors.Found of, String info) {}

  /**
   * Of a host.
   *
   * @param ids names this agent when it has no id yet
   */
  public Inventory(
      AgentConfiguration configuration,
      Hypervisors hypervisors,
      Listing listing,
      HostMemory memory,
      Supplier<UUID> ids) {
    this.configuration = configuration;
    this.hypervisors = hypervisors;
    this.listing = listing;
    this.memory = memory;
    this.uptime = configuration.stateDirectory().getFileSystem().getPath("/proc/uptime");
    this.identity = Identity.in(configuration.stateDirectory(), ids);
  }

  /** As it is now; {@link dev.godwit.libvirt.LibvirtException} when libvirt does not answer. */
  public HostInventory now(int port) {
    Hypervisors.Found found = hypervisors.found();
    HostMemory.Account memoryNow = memory.now();
    Path local = configuration.directories().local();
    try {
      Durable.directories(local);
      FileStore store = Files.getFileStore(local);
      return new HostInventory(
          configuration.host(),
          found.hostName(),
          configuration.address(),
          LibvirtUri.bracketed(configuration.address()) + ":" + port,
          found.type(),
          found.hypervisorVersion(),
          found.libvirtVersion(),
          found.virtTypes(),
          cpu(found).info,
          found.cpus(),
          memoryNow.totalMib(),
          memoryNow.availableMib(),
          store.getTotalSpace() / GIB,
          store.getUsableSpace() / GIB,
          uptimeSeconds(),
          listing.all(),
          identity.with(found.hostUuid()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look at " + local, e);
    }
  }

  private Cpu cpu(Hypervisors.Found found) {
    Cpu told = cpu.filter(it -> it.of.equals(found)).orElseGet(() -> new Cpu(found, info(found)));
    cpu = Optional.of(told);
    return told;
  }

  private static String info(Hypervisors.Found found) {
    ObjectNode info = JSON.createObjectNode();
    info.put("arch", "x86_64");
    info.put("model", found.cpuModel());
    info.put("vendor", found.cpuVendor());
    ObjectNode topology = info.putObject("topology");
    topology.put("cells", 1);
    topology.put("sockets", found.sockets());
    topology.put("cores", found.cores());
    topology.put("threads", found.threads());
    found.cpuFeatures().forEach(info.putArray("features")::add);
    return info.toString();
  }

  private long uptimeSeconds() throws IOException {
    String text = Files.readString(uptime);
    return (long) Double.parseDouble(text.substring(0, text.indexOf(' ')));
  }
}
