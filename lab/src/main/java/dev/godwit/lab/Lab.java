package dev.godwit.lab;

import dev.godwit.lab.guest.GuestImage;
import dev.godwit.lab.host.Addresses;
import dev.godwit.lab.host.LabFailure;
import dev.godwit.lab.host.LabFolder;
import dev.godwit.lab.host.LabHost;
import dev.godwit.lab.host.Namespaces;
import dev.godwit.lab.host.Pki;
import dev.godwit.lab.host.RecordedProcess;
import dev.godwit.lab.host.Switch;
import dev.godwit.lab.probe.Neighbour;
import dev.godwit.lab.probe.ProbeProgram;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Several real libvirt hosts on one machine. Labs in different folders do not see each other. */
public final class Lab {
  private static final String TLS = "tls";
  private static final String PLAIN = "plain";

  private final LabFolder folder;
  private final Switch labSwitch;
  private final GodwitProcesses godwit;

  private Lab(LabFolder folder) {
    this.folder = folder;
    this.labSwitch = new Switch(folder);
    this.godwit = new GodwitProcesses(folder, labSwitch);
  }

  /** The lab in this folder, running or not. */
  public static Lab at(Path folder) {
    return new Lab(new LabFolder(folder));
  }

  /** Where labs live unless told otherwise: $GODWIT_LAB, or below the state directory. */
  public static Path defaultFolder() {
    return Optional.ofNullable(System.getenv("GODWIT_LAB"))
        .map(Path::of)
        .orElse(Path.of("/var/lib/godwit/lab"));
  }

  /** Starts what is missing, and nothing twice. */
  public void up(LabOptions options) {
    folder.make();
    keepMode(options.tls());
    GuestImage.make(folder);
    ProbeProgram.make(folder);
    Pki pki = new Pki(folder);
    pki.makeAuthority();
    pki.makeCertificate("server", Addresses.SERVER, 0);
    labSwitch.start();
    List<LabHost> hosts =
        IntStream.rangeClosed(1, options.hosts()).mapToObj(i -> host("h" + i)).toList();
    for (LabHost host : hosts) {
      pki.makeCertificate(host.name(), host.address(), Addresses.number(host.name()));
    }
    hosts.parallelStream().forEach(host -> host.start(labSwitch, options.tls()));
    if (options.godwit()) {
      LabConfiguration.writeServer(folder);
      hosts.forEach(host -> LabConfiguration.writeAgent(folder, host, options.tls()));
      godwit.startServer();
      hosts.forEach(godwit::startAgent);
      godwit.awaitApi();
      godwit.awaitHosts(hosts);
    }
  }

  /** A running lab keeps its transport: certificates are not changed under live daemons. */
  private void keepMode(boolean tls) {
    String wanted = tls ? TLS : PLAIN;
    Optional<String> has = running() ? transport() : Optional.empty();
    if (has.isPresent() && !has.get().equals(wanted)) {
      throw new LabFailure(
          "the lab runs with %s transport, not %s; take it down first: godwit lab down"
              .formatted(has.get(), wanted));
    }
    LabFolder.write(transportNote(), wanted);
  }

  private Path transportNote() {
    return folder.run().resolve("transport");
  }

  private Optional<String> transport() {
    return LabFolder.read(transportNote()).map(String::strip);
  }

  /** Ends everything and removes what it made. */
  public void down() {
    godwit.stop();
    hosts().forEach(LabHost::powerOff);
    labSwitch.running().ifPresent(Namespaces::kill);
    LabFolder.remove(folder.root());
  }

  /** The lab's hosts, in order. */
  public List<LabHost> hosts() {
    return folder.hosts().stream().map(this::host).toList();
  }

  /** A host by name. */
  public LabHost host(String name) {
    return new LabHost(folder, name);
  }

  /** True when a lab runs in this folder. */
  public boolean running() {
    return labSwitch.running().isPresent();
  }

  /** True when a lab runs here and libvirt and QEMU use certificates in it. */
  public boolean runsWithTls() {
    return running() && transport().equals(Optional.of(TLS));
  }

  /** Somebody on the guests' network, from where they are watched. */
  public Neighbour neighbour() {
    return new Neighbour(folder, labSwitch.required());
  }

  /** The lab's folder. */
  public Path folder() {
    return folder.root();
  }

  /** Where the API answers on the machine. */
  public URI api() {
    return godwit.api().orElseThrow(() -> new LabFailure("the lab's server was never started"));
  }

  /** File with the admin's token. */
  public Path tokenFile() {
    return godwit.tokenFile();
  }

  /** Argument vector that runs a program on a host, or beside the server ("server"). */
  public List<String> inside(String host, List<String> argv) {
    Namespaces space = host.equals("server") ? labSwitch.required() : host(host).required();
    return space.inside(argv);
  }

  /** Starts a host's agent or libvirtd, or the server, unless it runs. */
  public void start(String host, String daemon) {
    switch (daemon) {
      case "agent" -> godwit.startAgent(host(host));
      case "libvirtd" -> host(host).startLibvirtd();
      case "server" -> {
        godwit.startServer();
        godwit.awaitApi();
      }
      default ->
          throw new LabFailure(
              "process: expected agent, libvirtd or server, found '" + daemon + "'");
    }
  }

  /** Kill -9 of a host's agent or libvirtd, or of the server. */
  public void kill(String host, String daemon) {
    process(host, daemon)
        .orElseThrow(() -> new LabFailure(daemon + " of " + host + " does not run"))
        .kill();
  }

  /** A process of the lab, if it runs. */
  public Optional<RecordedProcess> process(String host, String daemon) {
    return daemon.equals("server") ? godwit.server() : host(host).daemon(daemon);
  }

  /** Cuts the link between two of h1, h2, …, server. */
  public void cut(String a, String b) {
    labSwitch.cut(a, b);
  }

  /** Mends all cuts. */
  public void heal() {
    labSwitch.heal();
  }

  /** What runs. */
  public LabStatus status() {
    return new LabStatus(
        godwit.api().map(URI::toString).orElse(null),
        godwit.tokenFile().toString(),
        new LabStatus.Server(godwit.server().map(RecordedProcess::pid).orElse(null)),
        hosts().stream().map(this::status).toList());
  }

  private LabStatus.Host status(LabHost host) {
    return new LabStatus.Host(
        host.name(),
        host.address(),
        host.libvirtUri(),
        new LabStatus.Pids(pid(host, "libvirtd"), pid(host, "virtlogd"), pid(host, "agent")),
        host.daemon("libvirtd").isPresent() ? new Virsh(host).guests() : List.of());
  }

  private static @org.jspecify.annotations.Nullable Long pid(LabHost host, String daemon) {
    return host.daemon(daemon).map(RecordedProcess::pid).orElse(null);
  }

  /** Deadline for programs that users run inside. */
  static final Duration EXEC = Duration.ofHours(1);
}
