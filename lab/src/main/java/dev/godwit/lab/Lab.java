package dev.godwit.lab;

import dev.godwit.lab.host.FolderLock;
import dev.godwit.lab.host.LabFailure;
import dev.godwit.lab.host.LabFolder;
import dev.godwit.lab.host.LabHost;
import dev.godwit.lab.host.LocalDisk;
import dev.godwit.lab.host.Namespaces;
import dev.godwit.lab.host.RecordedProcess;
import dev.godwit.lab.host.Switch;
import dev.godwit.lab.host.Together;
import dev.godwit.lab.probe.Neighbour;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Several real libvirt hosts on one machine. Labs in different folders do not see each other. */
public final class Lab {
  private final LabFolder folder;
  private final Switch labSwitch;
  private final GodwitProcesses godwit;
  private final LabControl control;

  private Lab(LabFolder folder) {
    this.folder = folder;
    this.labSwitch = new Switch(folder);
    this.godwit = new GodwitProcesses(folder, labSwitch);
    this.control = new LabControl(folder, labSwitch, godwit);
  }

  /** The lab in this folder, running or not. */
  public static Lab at(Path folder) {
    return new Lab(new LabFolder(folder));
  }

  /** Where labs live unless told otherwise: $GODWIT_LAB, or below the state directory. */
  public static Path defaultFolder() {
    return Optional.ofNullable(System.getenv("GODWIT_LAB"))
        .filter(name -> !name.isBlank())
        .map(Path::of)
        .orElse(Path.of("/var/lib/godwit/lab"));
  }

  /** Starts what is missing, and nothing twice; returns when guests can be put on every host. */
  public void up(LabOptions options) {
    new LabStart(folder, labSwitch, godwit).run(options, transport());
  }

  private LabStart.Transport transport() {
    return new LabStart.Transport(folder, running());
  }

  /**
   * Ends everything and removes what it made; true when there was something. A folder that is no
   * lab's is not touched: {@link LabFailure}.
   */
  public boolean down() {
    if (!folder.isLab()) {
      if (Files.exists(folder.root()) && !folder.empty()) {
        throw LabFailure.conflict(
            "%s is no lab: expected the file 'godwit-lab' in it; nothing was removed"
                .formatted(folder.root()));
      }
      return false;
    }
    try (FolderLock _ = folder.lock()) {
      godwit.stop();
      Together.run(hosts().stream().<Runnable>map(host -> host::powerOff).toList());
      labSwitch.running().ifPresent(Namespaces::kill);
      folder.remove();
    }
    return true;
  }

  /** The lab's hosts, in order. */
  public List<LabHost> hosts() {
    return folder.hosts().stream().map(this::host).toList();
  }

  /** A host by name, whether the lab has it or not. */
  public LabHost host(String name) {
    return new LabHost(folder, name);
  }

  /** True when a lab runs in this folder, or a part of one. */
  public boolean running() {
    return labSwitch.running().isPresent()
        || hosts().stream().anyMatch(host -> host.running().isPresent());
  }

  /** True when a lab runs here and libvirt and QEMU use certificates in it. */
  public boolean runsWithTls() {
    return transport().tls();
  }

  /** Somebody on the guests' network, from where they are watched. */
  public Neighbour neighbour() {
    return new Neighbour(folder, labSwitch.required());
  }

  /** The lab's folder. */
  public Path folder() {
    return folder.root();
  }

  /** Where the first server's API answers on the machine. */
  public URI api() {
    return api(LabControl.SERVER);
  }

  /** Where a server's API answers on the machine; they are server, server2, … */
  public URI api(String server) {
    return godwit
        .api(LabServer.of(server))
        .orElseThrow(() -> LabFailure.notFound("the lab's " + server + " was never started"));
  }

  /** Where every server's API answers. */
  public List<URI> apis() {
    return godwit.servers().stream().map(server -> api(server.name())).toList();
  }

  /** File with the admin's token. */
  public Path tokenFile() {
    return godwit.tokenFile();
  }

  /** Argument vector that runs a program on a host, or beside the server ("server"). */
  public List<String> inside(String host, List<String> argv) {
    return control.place(host).inside(argv);
  }

  /** Starts a host's agent or libvirtd, or the server, or a whole host, unless it runs. */
  public void start(String host, String daemon) {
    control.start(host, daemon, runsWithTls());
  }

  /** Kill -9 of a host's agent or libvirtd, or of the server; or the power cut of a host. */
  public void kill(String host, String daemon) {
    control.kill(host, daemon);
  }

  /** A process of the lab, if it runs. */
  public Optional<RecordedProcess> process(String host, String daemon) {
    return control.find(host, daemon);
  }

  /** Cuts the link between two of h1, h2, …, server. */
  public void cut(String a, String b) {
    control.cut(a, b);
  }

  /** Mends all cuts. */
  public void heal() {
    labSwitch.heal();
  }

  /**
   * Puts a file system of this size on a host's own directory, until the host is off: for disks
   * that really become full. Refused while something is in the directory, which would be hidden.
   */
  public void limitLocalDisk(String host, long bytes) {
    new LocalDisk(control.host(host)).limit(bytes);
  }

  /** Takes that file system off again, with everything on it. */
  public void unlimitLocalDisk(String host) {
    new LocalDisk(control.host(host)).unlimit();
  }

  private LabStatus.Server server(LabServer server) {
    return new LabStatus.Server(
        server.name(),
        godwit.api(server).map(URI::toString).orElse(null),
        godwit.server(server).map(RecordedProcess::pid).orElse(null));
  }

  /** What runs. */
  public LabStatus status() {
    return new LabStatus(
        godwit.api(LabServer.FIRST).map(URI::toString).orElse(null),
        godwit.tokenFile().toString(),
        server(LabServer.FIRST),
        godwit.servers().stream().map(this::server).toList(),
        godwit.database().process().map(RecordedProcess::pid).orElse(null),
        hosts().stream().map(LabStatus.Host::of).toList());
  }
}
