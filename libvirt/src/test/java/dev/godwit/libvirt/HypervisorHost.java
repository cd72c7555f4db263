package dev.godwit.libvirt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** One of the rack's hosts: its files and its libvirtd. */
final class HypervisorHost {
  private final Rack rack;
  private final String name;
  private final int number;
  private final Path folder;
  private Optional<Process> starter = Optional.empty();

  HypervisorHost(Rack rack, String name, int number) throws IOException {
    this.rack = rack;
    this.name = name;
    this.number = number;
    this.folder = rack.folder().resolve(name);
  }

  String name() {
    return name;
  }

  String address() {
    return "127.0.1." + number;
  }

  UUID uuid() {
    return UUID.fromString("a77e0000-0000-4000-8000-00000000000" + number);
  }

  /** What the other host's daemon opens. */
  String peerUri() {
    return "qemu+tcp://" + address() + "/system";
  }

  /** What this JVM opens: a socket in the file system, which no network namespace hides. */
  ConnectionOptions options() {
    return ConnectionOptions.to(
            "qemu:///system?socket=" + folder.resolve("run/libvirt/libvirt-sock"))
        .withOpenDeadline(Duration.ofSeconds(30))
        .withCallDeadline(Duration.ofSeconds(30));
  }

  Connection open() {
    return Connection.open(options());
  }

  /** Starts its daemon, which finds the guests that an earlier one left. */
  void start() throws IOException {
    end();
    writeFiles();
    starter =
        Optional.of(
            Rack.quiet(
                    rack.inside(
                        "unshare",
                        "--mount",
                        "--uts",
                        "--propagation",
                        "private",
                        "bash",
                        Rack.script(rack.folder(), "host.sh").toString(),
                        name,
                        folder.toString()),
                    rack.folder().resolve(name + ".out"))
                .start());
  }

  void awaitUp() {
    Await.until(
        "libvirtd of " + name + " answers; see " + folder + "/log",
        () -> {
          if (!starter.orElseThrow().isAlive()) {
            throw new AssertionError(
                "libvirtd of "
                    + name
                    + " ended: "
                    + Files.readString(rack.folder().resolve(name + ".out")));
          }
          try (Connection connection = open()) {
            return connection.hostname().equals(name);
          } catch (LibvirtException e) {
            return false;
          }
        });
  }

  private ProcessHandle daemon() {
    return Await.found(
        "the libvirtd of " + name, () -> starter.orElseThrow().children().findFirst());
  }

  /** The daemon stops answering, and keeps its sockets open. */
  void hang() throws IOException, InterruptedException {
    signal(daemon(), "STOP");
  }

  void goOn() throws IOException, InterruptedException {
    signal(daemon(), "CONT");
    wake();
  }

  /**
   * nsenter stops itself when its child is stopped, and then does not notice the child's end. (That
   * it may have ended is no error.)
   */
  private void wake() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-CONT", Long.toString(starter.orElseThrow().pid()))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  /** The daemon dies at once; its guests live on. */
  void kill() throws IOException, InterruptedException {
    daemon().destroyForcibly();
    wake();
    if (!starter.orElseThrow().waitFor(30, TimeUnit.SECONDS)) {
      throw new AssertionError("libvirtd of " + name + " does not die");
    }
  }

  /** Until the guest's only vCPU has nothing more to do. */
  void awaitHalted(String guest) {
    Await.until(
        guest + " has written its memory",
        () ->
            monitor(
                    guest,
                    "{\"execute\":\"human-monitor-command\",\"arguments\":{\"command-line\":\"info registers\"}}")
                .contains("HLT=1"));
  }

  /** A command for the guest's QEMU behind libvirt's back. */
  String monitor(String guest, String command) throws IOException, InterruptedException {
    Path out = Files.createTempFile(rack.folder(), "virsh", ".out");
    int status =
        Rack.quiet(
                List.of("virsh", "-c", options().uri(), "qemu-monitor-command", guest, command),
                out)
            .start()
            .waitFor();
    if (status != 0) {
      throw new AssertionError(Files.readString(out));
    }
    return Files.readString(out);
  }

  /** With its namespace gone, nothing but the program that entered it can be left. */
  void end() {
    starter.ifPresent(Process::destroyForcibly);
  }

  static void signal(ProcessHandle process, String signal)
      throws IOException, InterruptedException {
    int status =
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
            .inheritIO()
            .start()
            .waitFor();
    if (status != 0) {
      throw new AssertionError("kill -" + signal + " failed");
    }
  }

  private void writeFiles() throws IOException {
    for (String part : List.of("etc", "run", "lib", "log", "cache")) {
      Files.createDirectories(folder.resolve(part));
    }
    Files.writeString(
        folder.resolve("passwd"),
        """
        root:x:0:0:root:/root:/bin/sh
        libvirt-qemu:x:64055:64055::/var/lib/libvirt:/usr/sbin/nologin
        """);
    Files.writeString(folder.resolve("group"), "root:x:0:\nkvm:x:994:\nlibvirt-qemu:x:64055:\n");
    Files.writeString(folder.resolve("hosts"), "127.0.0.1 localhost\n127.0.1.1 h1\n127.0.1.2 h2\n");
    Path pki = rack.pki("server");
    Files.writeString(
        folder.resolve("etc/libvirtd.conf"),
        """
        host_uuid = "%s"
        listen_addr = "%s"
        listen_tcp = 1
        listen_tls = 1
        auth_tcp = "none"
        auth_tls = "none"
        auth_unix_ro = "none"
        auth_unix_rw = "none"
        audit_level = 0
        ca_file = "%s/cacert.pem"
        cert_file = "%s/cert.pem"
        key_file = "%s/key.pem"
        log_outputs = "3:file:/var/log/libvirt/libvirtd.log"
        """
            .formatted(uuid(), address(), pki, pki, pki));
    Files.writeString(
        folder.resolve("etc/qemu.conf"),
        """
        user = "root"
        group = "root"
        dynamic_ownership = 0
        remember_owner = 0
        security_driver = "none"
        cgroup_controllers = [ ]
        namespaces = [ ]
        seccomp_sandbox = 0
        stdio_handler = "file"
        migration_address = "%s"
        """
            .formatted(address()));
  }
}
