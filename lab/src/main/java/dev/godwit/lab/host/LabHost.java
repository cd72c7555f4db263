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
            () -> new LabFailure("host " + name + " is off; start it with: godwit lab up"));
  }

  /** Starts what is missing: the host, virtlogd, libvirtd. */
  public void start(Switch labSwitch, boolean tls) {
    if (running().isEmpty()) {
      HostFiles.make(folder, this, tls);
      boot(labSwitch);
    }
    startVirtlogd();
    startLibvirtd();
  }

  private void boot(Switch labSwitch) {
    Path ready = home().resolve("ready");
    try {
      Files.deleteIfExists(ready);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Namespaces space =
        Namespaces.start(
            folder.pid(name),
            folder.log(name),
            List.of(folder.resource("host-init.sh").toString(), name, folder.root().toString()));
    Await.until("host " + name, Duration.ofSeconds(10), () -> Files.exists(ready));
    labSwitch.plug(name, space);
    space.must("ip", "link", "set", "lo", "up");
    space.must("ip", "addr", "add", address() + "/24", "dev", "mgmt0");
    space.must("ip", "link", "set", "mgmt0", "up");
    space.must(
        "ip", "link", "add", "br0", "type", "bridge", "stp_state", "0", "forward_delay", "0");
    space.must("ip", "link", "set", "vm0", "master", "br0", "up");
    space.must("ip", "link", "set", "br0", "up");
  }

  /** Starts virtlogd unless it runs. */
  public void startVirtlogd() {
    startDaemon("virtlogd", List.of("virtlogd", "-d", "-p", "/run/virtlogd.pid"));
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

  /** libvirtd, virtlogd or agent of this host, if it runs. */
  public Optional<RecordedProcess> daemon(String daemon) {
    return RecordedProcess.living(folder.pid(name + "." + daemon));
  }

  /** Power off: everything on the host ends at once. */
  public void powerOff() {
    running().ifPresent(Namespaces::kill);
  }
}
