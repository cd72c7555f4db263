package dev.godwit.lab;

import dev.godwit.lab.guest.GuestImage;
import dev.godwit.lab.host.Addresses;
import dev.godwit.lab.host.FolderLock;
import dev.godwit.lab.host.LabFailure;
import dev.godwit.lab.host.LabFolder;
import dev.godwit.lab.host.LabHost;
import dev.godwit.lab.host.Machine;
import dev.godwit.lab.host.Pki;
import dev.godwit.lab.host.Switch;
import dev.godwit.lab.host.Together;
import dev.godwit.lab.probe.ProbeProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Brings a lab up, or what is missing of it: as much as possible at once. */
final class LabStart {
  private final LabFolder folder;
  private final Switch labSwitch;
  private final GodwitProcesses godwit;

  LabStart(LabFolder folder, Switch labSwitch, GodwitProcesses godwit) {
    this.folder = folder;
    this.labSwitch = labSwitch;
    this.godwit = godwit;
  }

  void run(LabOptions options, Transport transport) {
    Machine.check();
    folder.claim();
    try (FolderLock _ = folder.lock()) {
      folder.make();
      transport.keep(options.tls());
      keepLocks(options, transport);
      LabServers servers = servers(options, transport);
      List<LabHost> hosts =
          IntStream.rangeClosed(1, options.hosts())
              .mapToObj(i -> new LabHost(folder, "h" + i))
              .toList();
      certify(hosts);
      var _ = labSwitch.start();
      List<Runnable> parts = new ArrayList<>();
      hosts.forEach(host -> parts.add(() -> start(host, servers, options)));
      if (options.godwit()) {
        String database = database(servers);
        servers
            .all()
            .forEach(server -> {
              LabConfiguration.writeServer(folder, server, database);
              parts.add(() -> startServer(server));
            });
      }
      parts.add(() -> GuestImage.make(folder));
      parts.add(() -> ProbeProgram.make(folder));
      Together.run(parts);
      if (options.godwit()) {
        godwit.awaitHosts(hosts);
        hosts.getFirst().keepCapabilities();
      }
    }
  }

  /** Leases that are in force are not taken from running guests, nor given: {@link LabFailure}. */
  private void keepLocks(LabOptions options, Transport transport) {
    if (transport.running && options.lockd() && !folder.lockd()) {
      throw LabFailure.conflict("the lab runs without lockd; take it down first: godwit lab down");
    }
    folder.keepLockd(options.lockd() || (transport.running && folder.lockd()));
  }

  /** They are not changed under living ones: {@link LabFailure} when others are wanted. */
  private LabServers servers(LabOptions options, Transport transport) {
    Optional<LabServers> has = LabServers.of(folder);
    LabServers wanted = options.servers().or(() -> has).orElse(LabServers.ONE);
    if (transport.running && has.isPresent() && !has.get().equals(wanted)) {
      throw LabFailure.conflict(
          "the lab has %s, not %s; take it down first: godwit lab down"
              .formatted(has.get(), wanted));
    }
    wanted.keep(folder);
    return wanted;
  }

  /** Started, if it is one for several; its options in a server's configuration. */
  private String database(LabServers servers) {
    if (!servers.postgresql()) {
      return LabConfiguration.sqlite(folder);
    }
    godwit.database().start();
    return LabConfiguration.postgresql(godwit.database());
  }

  private void certify(List<LabHost> hosts) {
    Pki pki = new Pki(folder);
    pki.makeAuthority();
    List<Runnable> parts = new ArrayList<>();
    parts.add(() -> pki.makeCertificate("server", Addresses.SERVER, 0));
    for (LabHost host : hosts) {
      int number = Addresses.number(host.name());
      parts.add(() -> pki.makeCertificate(host.name(), host.address(), number));
    }
    Together.run(parts);
  }

  private void start(LabHost host, LabServers servers, LabOptions options) {
    host.start(labSwitch, options.tls());
    if (options.godwit()) {
      LabConfiguration.writeAgent(folder, host, servers.all(), options.tls());
      godwit.startAgent(host);
    }
  }

  private void startServer(LabServer server) {
    godwit.startServer(server);
    godwit.awaitApi(server);
  }

  /** How libvirt and QEMU speak in a lab; kept while anything of it runs. */
  static final class Transport {
    private static final String TLS = "tls";
    private static final String PLAIN = "plain";

    private final LabFolder folder;
    private final boolean running;

    Transport(LabFolder folder, boolean running) {
      this.folder = folder;
      this.running = running;
    }

    /** Certificates are not changed under live daemons: {@link LabFailure} when it is another. */
    void keep(boolean tls) {
      String wanted = tls ? TLS : PLAIN;
      Optional<String> has = now();
      if (has.isPresent() && !has.get().equals(wanted)) {
        throw LabFailure.conflict(
            "the lab runs with %s transport, not %s; take it down first: godwit lab down"
                .formatted(has.get(), wanted));
      }
      LabFolder.write(folder.run().resolve("transport"), wanted);
    }

    boolean tls() {
      return now().equals(Optional.of(TLS));
    }

    private Optional<String> now() {
      return running
          ? LabFolder.read(folder.run().resolve("transport")).map(String::strip)
          : Optional.empty();
    }
  }
}
