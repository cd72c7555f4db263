package dev.godwit.lab.guest;

import dev.godwit.lab.host.Argv;
import dev.godwit.lab.host.LabFailure;
import dev.godwit.lab.host.LabFolder;
import dev.godwit.lab.host.Shelf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes the lab guest's kernel and initrd: Debian's cloud kernel, busybox and one C program. */
public final class GuestImage {
  private static final String KERNEL = "vmlinuz";
  private static final String INITRD = "initrd.gz";
  private static final String BUSYBOX = "/bin/busybox";
  private static final String PROGRAM = "guest/labguest.c";
  private static final String INIT = "guest/init.sh";

  /** virtio's modules, in the order in which they must be inserted. */
  private static final List<String> MODULES =
      List.of(
          "drivers/virtio/virtio_ring",
          "drivers/virtio/virtio",
          "drivers/virtio/virtio_pci_modern_dev",
          "drivers/virtio/virtio_pci_legacy_dev",
          "drivers/virtio/virtio_pci",
          "net/core/failover",
          "drivers/net/net_failover",
          "drivers/net/virtio_net",
          "drivers/block/virtio_blk");

  /**
   * What the lab guest's kernel is told.
   *
   * <p>Without the trace files and the type data of one congestion control, 64 MiB are enough.
   */
  public static final String ARGUMENTS =
      "console=ttyS0 quiet initcall_blacklist=tracer_init_tracefs,cubictcp_register";

  private GuestImage() {}

  /** Makes vmlinuz and initrd.gz in the lab's guest folder unless they are there. */
  public static void make(LabFolder folder) {
    if (Files.exists(folder.guest().resolve(INITRD))) {
      return;
    }
    Path kernel = packedKernel();
    Optional<Shelf> shelf = Shelf.of("guest", madeOf(folder, kernel));
    // The initrd last, and whole or not at all: by it the next one sees that everything is there.
    List<String> files = List.of(KERNEL, INITRD);
    if (shelf.map(it -> it.take(folder.guest(), files)).orElse(false)) {
      return;
    }
    make(folder, kernel);
    shelf.ifPresent(it -> it.keep(folder.guest(), files));
  }

  private static List<byte[]> madeOf(LabFolder folder, Path kernel) {
    return List.of(
        kernel.toString().getBytes(StandardCharsets.UTF_8),
        Shelf.bytes(kernel),
        Shelf.bytes(Path.of(BUSYBOX)),
        Shelf.bytes(folder.resource(PROGRAM)),
        Shelf.bytes(folder.resource(INIT)),
        String.join(" ", MODULES).getBytes(StandardCharsets.UTF_8));
  }

  private static void make(LabFolder folder, Path kernel) {
    String version = kernel.getFileName().toString().substring("vmlinuz-".length());
    try {
      Path tree = Files.createTempDirectory("godwit-guest");
      try {
        unpack(kernel, folder.guest().resolve(KERNEL));
        fill(tree, folder, kernelRoot().resolve(Path.of("lib/modules", version, "kernel")));
        Path archive = folder.guest().resolve("initrd.new");
        pack(tree, archive);
        Argv.must("gzip", "-1", "-f", archive.toString());
        Files.move(
            folder.guest().resolve("initrd.new.gz"),
            folder.guest().resolve(INITRD),
            StandardCopyOption.ATOMIC_MOVE);
      } finally {
        LabFolder.remove(tree);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Unpacked, for it boots much faster so; as it is, when it is packed in an unknown way. */
  private static void unpack(Path kernel, Path target) throws IOException {
    byte[] bootable = Files.readAllBytes(kernel);
    Files.write(target, KernelImage.unpacked(bootable).orElse(bootable));
  }

  /** The launcher unpacks Debian's kernel package there; else the machine's own is taken. */
  private static Path kernelRoot() {
    Path unpacked =
        Path.of(System.getProperty("godwit.guest.kernel", "/var/cache/godwit/guest-kernel"));
    return Files.isDirectory(unpacked.resolve("boot")) ? unpacked : Path.of("/");
  }

  /** Debian's own file of the newest kernel for the lab guest, as a boot loader takes it. */
  public static Path packedKernel() {
    Path root = kernelRoot();
    try (Stream<Path> boot = Files.list(root.resolve("boot"))) {
      return boot.filter(path -> path.getFileName().toString().matches("vmlinuz-.*cloud-amd64"))
          .max(Comparator.comparing(Path::toString))
          .orElseThrow(() ->
              new LabFailure(
                  "no kernel for the lab guest: expected boot/vmlinuz-*-cloud-amd64 in %s, found none;"
                          .formatted(root)
                      + " start with ./godwit, which unpacks it, or apt-get install"
                      + " linux-image-cloud-amd64"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void fill(Path tree, LabFolder folder, Path modules) throws IOException {
    for (String part : List.of("bin", "proc", "sys", "dev", "modules")) {
      Files.createDirectories(tree.resolve(part));
    }
    Path source = folder.resource(PROGRAM);
    Argv.must(
        Duration.ofMinutes(1),
        List.of(
            "gcc",
            "-O2",
            "-static",
            "-pthread",
            "-s",
            "-o",
            tree.resolve("bin/labguest").toString(),
            source.toString()));
    Files.copy(Path.of(BUSYBOX), tree.resolve("bin/busybox"), StandardCopyOption.COPY_ATTRIBUTES);
    Files.createSymbolicLink(tree.resolve("bin/sh"), Path.of("busybox"));
    Path init = tree.resolve("init");
    Files.copy(folder.resource(INIT), init);
    Argv.must("chmod", "755", init.toString(), tree.resolve("bin/busybox").toString());
    StringBuilder order = new StringBuilder();
    for (String module : MODULES) {
      Path file = moduleFile(modules, module);
      Files.copy(file, tree.resolve("modules").resolve(file.getFileName()));
      order.append(file.getFileName()).append('\n');
    }
    Files.writeString(tree.resolve("modules/order"), order);
  }

  private static Path moduleFile(Path modules, String module) {
    return Stream.of(".ko", ".ko.xz", ".ko.zst")
        .map(suffix -> modules.resolve(module + suffix))
        .filter(Files::exists)
        .findFirst()
        .orElseThrow(() -> new LabFailure("kernel module " + module + " is not in " + modules));
  }

  private static void pack(Path tree, Path archive) throws IOException {
    String names;
    try (Stream<Path> walk = Files.walk(tree)) {
      names =
          walk.sorted()
              .map(path -> "./" + tree.relativize(path))
              .collect(Collectors.joining("\n", "", "\n"));
    }
    Argv.Result result =
        Argv.run(
            Duration.ofMinutes(1),
            List.of(
                "cpio",
                "-o",
                "-H",
                "newc",
                "--quiet",
                "-D",
                tree.toString(),
                "-F",
                archive.toString()),
            names);
    if (!result.ok()) {
      throw new LabFailure("cpio: " + result.err().strip());
    }
  }
}
