package dev.godwit.server.api;

import dev.godwit.core.model.BootSpec;
import dev.godwit.core.model.DirectoryKind;
import dev.godwit.core.model.DiskFormat;
import dev.godwit.core.model.DiskSpec;
import dev.godwit.core.model.GuestSpec;
import dev.godwit.server.store.Flavor;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What the guest of a new server is made of: memory, boot, disks, network cards. */
final class NewGuest {
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;
  private static final int MOST_DISKS = 8;
  private static final SecureRandom RANDOM = new SecureRandom();

  private NewGuest() {}

  /** Its name is still to be given. */
  static GuestSpec spec(
      Flavor flavor, ApiConfiguration.Image image, int cards, Optional<Body> hints) {
    List<String> addresses = new ArrayList<>();
    for (int i = 0; i < cards; i++) {
      addresses.add(macAddress());
    }
    Optional<List<DiskSpec>> asked =
        hints
            .filter(it -> it.given("godwit:disks"))
            .map(it ->
                eachItsTarget(
                    it.objects("godwit:disks", MOST_DISKS).stream().map(NewGuest::disk).toList()));
    String more = hints.flatMap(it -> it.optionalText("godwit:kernel_arguments", 1000)).orElse("");
    try {
      return new GuestSpec(
          "instance-to-be-numbered",
          flavor.memoryMib(),
          flavor.vcpus(),
          boot(image, more),
          asked.map(disks -> bootable(disks, image)).orElseGet(() -> disks(flavor, image)),
          addresses);
    } catch (IllegalArgumentException e) {
      throw Fault.badRequest(String.valueOf(e.getMessage()));
    }
  }

  private static BootSpec boot(ApiConfiguration.Image image, String more) {
    if (image.kernel().isPresent()) {
      return new BootSpec.Kernel(
          image.kernel().orElseThrow(),
          image.initrd().orElse(""),
          (image.arguments() + " " + more).strip());
    }
    if (!more.isBlank()) {
      throw Fault.badRequest(
          "Invalid input for field/attribute godwit:kernel_arguments. Expected none, for image %s boots from its disk, whose boot loader knows its own; found '%s'"
              .formatted(image.name(), more.strip()));
    }
    return new BootSpec.Disk();
  }

  /**
   * Without a hint: the flavor's disk, on the host's own directory, over the image's if it has one;
   * of the image's size when the flavor has none, as in Nova.
   */
  private static List<DiskSpec> disks(Flavor flavor, ApiConfiguration.Image image) {
    if (flavor.diskGib() == 0 && image.path().isEmpty()) {
      return List.of();
    }
    return List.of(
        new DiskSpec(
            "vda", DirectoryKind.LOCAL, DiskFormat.QCOW2, flavor.diskGib() * GIB, image.path()));
  }

  private static List<DiskSpec> bootable(List<DiskSpec> disks, ApiConfiguration.Image image) {
    if (disks.isEmpty() && image.kernel().isEmpty()) {
      throw Fault.badRequest(
          "Invalid input for field/attribute godwit:disks. Expected at least one disk, for image %s is one to boot from; leave godwit:disks out for the flavor's"
              .formatted(image.name()));
    }
    return overImage(disks, image);
  }

  /**
   * With disks of the caller's own: the first by target, from which a guest boots, lies over the
   * image's disk, unless one says itself over what it lies. {@link IllegalArgumentException} when
   * the first can lie over nothing.
   */
  static List<DiskSpec> overImage(List<DiskSpec> disks, ApiConfiguration.Image image) {
    boolean said = disks.stream().anyMatch(disk -> disk.backingFile().isPresent());
    if (image.path().isEmpty() || disks.isEmpty() || said) {
      return disks;
    }
    List<DiskSpec> over = new ArrayList<>(disks);
    over.sort(Comparator.comparing(DiskSpec::target));
    DiskSpec first = over.getFirst();
    over.set(
        0,
        new DiskSpec(
            first.target(), first.directory(), first.format(), first.sizeBytes(), image.path()));
    return over;
  }

  private static DiskSpec disk(Body disk) {
    disk.only("target", "directory", "format", "size_mib", "backing_file");
    String directory = disk.text("directory");
    DirectoryKind kind =
        switch (directory) {
          case "shared" -> DirectoryKind.SHARED;
          case "local" -> DirectoryKind.LOCAL;
          default ->
              throw Fault.badRequest(
                  "Invalid input for field/attribute directory. Value: %s. Expected shared or local"
                      .formatted(directory));
        };
    try {
      return new DiskSpec(
          disk.text("target"),
          kind,
          DiskFormat.of(disk.text("format")),
          disk.number("size_mib", 1, 64L << 20) * MIB,
          disk.optionalText("backing_file", 4096));
    } catch (IllegalArgumentException e) {
      throw Fault.badRequest(String.valueOf(e.getMessage()));
    }
  }

  private static List<DiskSpec> eachItsTarget(List<DiskSpec> disks) {
    Set<String> taken = new HashSet<>();
    for (DiskSpec disk : disks) {
      if (!taken.add(disk.target())) {
        Set<String> all = new HashSet<>(disks.stream().map(DiskSpec::target).toList());
        String free =
            Stream.of("vda", "vdb", "vdc", "vdd", "vde", "vdf", "vdg", "vdh")
                .filter(target -> !all.contains(target))
                .findFirst()
                .orElseThrow();
        throw Fault.badRequest(
            "Invalid input for field/attribute godwit:disks. Expected a target of its own for each disk, found %s more than once: call one of them otherwise, for example %s"
                .formatted(disk.target(), free));
      }
    }
    return disks;
  }

  private static String macAddress() {
    byte[] bytes = new byte[3];
    RANDOM.nextBytes(bytes);
    return "52:54:00:%02x:%02x:%02x".formatted(bytes[0], bytes[1], bytes[2]);
  }
}
