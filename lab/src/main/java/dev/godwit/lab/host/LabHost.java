package dev.godwit.lab.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One hypervisor host of the lab: namespaces, its own /etc and directories, libvirtd and virtlogd.
 */
public final class LabHost {
  private static final String MANAGEMENT = "mgmt0";
  private static final String BRIDGE = "br0";

  private final LabFolder folder;
  private final String name;

  public LabHost(LabFolder folder, String name) {
    this.folder = folder;
    this.name = name;
    Addresses.number(name);
  }

  /** h1, h2, … */
  public String name() {
    return name;
  }

  /** Management and migration address, inside the lab. */
  public String address() {
    return Addresses.host(name);
  }

  /** The host's own files. */
  public Path home() {
    return folder.host(name);
  }

  /** libvirt's URI of this host as seen from the machine: unix sockets cross namespaces. */
  public String libvirtUri() {
    return "qemu:///system?socket=" + home().resolve("run/libvirt/libvirt-sock");
  }

  /** The running host. */
  public Optional<Namespaces> running() {
    return RecordedProcess.living(folder.pid(name)).map(Namespaces::of);
  }

  /** The running host; {@link LabFailure} when it is off. */
  public Namespaces required() {
    return running()
        .orElseThrow(
            () -> LabFailure.notFound("host " + name + " is off; start it with: godwit lab up"));
  }

  /**
   * Starts what is missing: the host, its links, virtlogd, virtlockd where it is used, libvirtd.
   */
  public void start(Switch labSwitch, boolean tls) {
    if (running().isEmpty()) {
      HostFiles.make(folder, this, tls);
      boot();
      new LocalDisk(this).mountAgain();
    }
    if (!labSwitch.has(name) || !wired()) {
      wire(labSwitch);
    }
    startVirtlogd();
    if (folder.lockd() && daemon("virtlockd").isEmpty()) {
      startVirtlockd();
      // It knows of a lock space what libvirtd tells it when that starts, and forgets it with its
      // end.
      daemon("libvirtd").ifPresent(RecordedProcess::kill);
    }
    startLibvirtd();
  }

  /** Keeps for the next lab what took libvirt long here; once it was asked. */
  public void keepCapabilities() {
    Capabilities.keep(this);
  }

  private void boot() {
    Path ready = home().resolve("ready");
    try {
      Files.deleteIfExists(ready);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Path log = folder.log(name);
    Namespaces.start(
            folder.pid(name),
            log,
            List.of(folder.resource("host-init.sh").toString(), name, folder.root().toString()))
        .awaitReady("host " + name, ready, log);
  }

  /** The last step of wiring is that the link is up. */
  private boolean wired() {
    return Argv.run(
            Duration.ofSeconds(5),
            required()
                .inNetwork(List.of("ip", "-o", "-4", "addr", "show", "dev", MANAGEMENT, "up")))
        .out()
        .contains(address());
  }

  /** Joins the host to the switch; also again, when the switch is another one than before. */
  private void wire(Switch labSwitch) {
    Namespaces space = required();
    space.must("ip", "link", "set", "lo", "up");
    if (!space.hasDevice(BRIDGE)) {
      space.must(
          "ip", "link", "add", BRIDGE, "type", "bridge", "stp_state", "0", "forward_delay", "0");
      space.must("ip", "link", "set", BRIDGE, "up");
    }
    labSwitch.plug(name, space);
    space.must("ip", "link", "set", "vm0", "master", BRIDGE, "up");
    space.must("ip", "addr", "add", address() + "/24", "dev", MANAGEMENT);
    space.must("ip", "link", "set", MANAGEMENT, "up");
  }

  /** Starts virtlogd unless it runs. */
  public void startVirtlogd() {
    startDaemon("virtlogd", List.of("virtlogd", "-d", "-p", "/run/virtlogd.pid"));
  }

  /** Starts virtlockd unless it runs. */
  public void startVirtlockd() {
    startDaemon("virtlockd", List.of("virtlockd", "-d", "-p", "/run/virtlockd.pid"));
  }

  /** Starts libvirtd unless it runs. */
  public void startLibvirtd() {
    startDaemon("libvirtd", List.of("libvirtd", "-d", "-l", "-p", "/run/libvirtd.pid"));
  }

  private void startDaemon(String daemon, List<String> argv) {
    if (daemon(daemon).isPresent()) {
      return;
    }
    Namespaces space = required();
    try {
      Files.deleteIfExists(home().resolve("run/" + daemon + ".pid"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Argv.must(Duration.ofSeconds(20), space.inside(argv));
    Await.until(
        daemon + " on " + name,
        Duration.ofSeconds(20),
        () -> Files.exists(home().resolve("run/" + daemon + ".pid")) && remembered(daemon));
    if (daemon.equals("libvirtd")) {
      awaitAnswer();
    }
  }

  private void awaitAnswer() {
    Path log = home().resolve("var-log/libvirtd.log");
    Await.until(
        "libvirtd on " + name + " to answer (see " + log + ")",
        Duration.ofSeconds(20),
        () -> daemon("libvirtd").isEmpty() || answers());
    if (daemon("libvirtd").isEmpty()) {
      throw new LabFailure(
          "libvirtd on %s ended at once. The end of %s:%n%s"
              .formatted(name, log, Argv.must("tail", "-n", "5", log.toString())));
    }
  }

  private boolean answers() {
    return Argv.run(Duration.ofSeconds(20), List.of("virsh", "-q", "-c", libvirtUri(), "hostname"))
        .ok();
  }

  private boolean remembered(String daemon) {
    try {
      String inner = Files.readString(home().resolve("run/" + daemon + ".pid")).strip();
      if (inner.isEmpty()) {
        return false;
      }
      RecordedProcess.remember(
          folder.pid(name + "." + daemon), required().outerPid(Long.parseLong(inner)));
      return true;
    } catch (IOException | LabFailure notYet) {
      return false;
    }
  }

  /** libvirtd, virtlogd, virtlockd or agent of this host, if it runs. */
  public Optional<RecordedProcess> daemon(String daemon) {
    return RecordedProcess.living(folder.pid(name + "." + daemon));
  }

  /** Power off: everything on the host ends at once. */
  public void powerOff() {
    running().ifPresent(Namespaces::kill);
  }
}
