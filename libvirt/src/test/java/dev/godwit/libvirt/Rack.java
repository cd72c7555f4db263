package dev.godwit.libvirt;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Two real libvirt hosts, {@code h1} at 127.0.1.1 and {@code h2} at 127.0.1.2, in one network and
 * process namespace of their own, joined by its loopback. Nothing of the machine's own /etc, /run
 * or /var is written. All of it ends with one process, also when this JVM is killed.
 */
final class Rack implements AutoCloseable {
  private final Path folder;
  private final Process namespace;
  private final HypervisorHost one;
  private final HypervisorHost two;

  private Rack(Path folder, Process namespace) throws IOException {
    this.folder = folder;
    this.namespace = namespace;
    this.one = new HypervisorHost(this, "h1", 1);
    this.two = new HypervisorHost(this, "h2", 2);
  }

  static Rack start() throws IOException, InterruptedException {
    needs(
        "unshare",
        "nsenter",
        "ip",
        "libvirtd",
        "qemu-system-x86_64",
        "qemu-img",
        "qemu-io",
        "virsh",
        "openssl");
    Path folder = Files.createTempDirectory("libvirt-rack");
    Process namespace =
        new ProcessBuilder(
                "unshare",
                "--mount",
                "--net",
                "--ipc",
                "--pid",
                "--fork",
                "--kill-child",
                "--propagation",
                "private",
                "bash",
                script(folder, "rack.sh").toString())
            .redirectOutput(folder.resolve("rack.out").toFile())
            .redirectError(folder.resolve("rack.err").toFile())
            .start();
    Rack rack = new Rack(folder, namespace);
    try {
      rack.awaitUp();
      Files.createDirectory(rack.guests());
      Certificates.write(folder.resolve("pki"));
      rack.one.start();
      rack.two.start();
      rack.one.awaitUp();
      rack.two.awaitUp();
      return rack;
    } catch (Throwable t) {
      rack.close();
      throw t;
    }
  }

  HypervisorHost one() {
    return one;
  }

  HypervisorHost two() {
    return two;
  }

  Path folder() {
    return folder;
  }

  /** Where the files of guests are, by the same path on the hosts and here. */
  Path guests() {
    return folder.resolve("guests");
  }

  Path pki(String whose) {
    return folder.resolve("pki").resolve(whose);
  }

  /** The command that runs the given one inside the hosts' namespaces. */
  List<String> inside(String... command) {
    List<String> all =
        new ArrayList<>(
            List.of("nsenter", "-t", Long.toString(init()), "-m", "-n", "-i", "-p", "--"));
    all.addAll(List.of(command));
    return all;
  }

  /** The command that runs the given one in the hosts' network, and with this machine's files. */
  List<String> inNetwork(List<String> command) {
    List<String> all = new ArrayList<>(List.of("nsenter", "-t", Long.toString(init()), "-n", "--"));
    all.addAll(command);
    return all;
  }

  /** The QEMU that runs the guest of that name; there must be one. */
  ProcessHandle qemu(String name) {
    return Await.found(
        "the QEMU of " + name,
        () -> namespace.descendants().filter(process -> isQemuOf(process, name)).findFirst());
  }

  private static boolean isQemuOf(ProcessHandle process, String name) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
          .contains("guest=" + name + ",");
    } catch (IOException e) {
      return false;
    }
  }

  private long init() {
    return Await.found("the namespaces' first process", () -> namespace.children().findFirst())
        .pid();
  }

  private void awaitUp() {
    Await.until(
        "the namespaces are up; see " + folder + "/rack.err",
        () -> Files.readString(folder.resolve("rack.out")).contains("up"));
  }

  static Path script(Path folder, String name) throws IOException {
    Path script = folder.resolve(name);
    if (!Files.exists(script)) {
      try (var in = Rack.class.getResourceAsStream(name)) {
        Files.write(script, java.util.Objects.requireNonNull(in, name).readAllBytes());
      }
    }
    return script;
  }

  private static void needs(String... programs) {
    if (!"root".equals(System.getProperty("user.name"))) {
      throw new IllegalStateException(
          "the tests on real hosts make namespaces, so they must run as root");
    }
    List<String> missing = Stream.of(programs).filter(program -> !isInstalled(program)).toList();
    if (!missing.isEmpty()) {
      throw new IllegalStateException(
          "the tests on real hosts need "
              + missing
              + " (Debian: apt install libvirt-daemon libvirt-clients"
              + " qemu-system-x86 qemu-utils iproute2 openssl)");
    }
  }

  private static boolean isInstalled(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  @Override
  public void close() {
    try {
      namespace.getOutputStream().close();
      if (!namespace.waitFor(5, TimeUnit.SECONDS)) {
        namespace.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
      }
      one.end();
      two.end();
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path path : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(path);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      namespace.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  static ProcessBuilder quiet(List<String> command, Path out) {
    return new ProcessBuilder(command)
        .redirectInput(Redirect.from(new File("/dev/null")))
        .redirectErrorStream(true)
        .redirectOutput(Redirect.appendTo(out.toFile()));
  }
}
