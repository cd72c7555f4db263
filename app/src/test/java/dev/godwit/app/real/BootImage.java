package dev.godwit.app.real;

import dev.godwit.lab.guest.GuestImage;
import dev.godwit.lab.host.Argv;
import dev.godwit.lab.host.LabFolder;
import java.nio.file.Path;

/** The lab guest as a disk image that boots by itself: a boot loader, the kernel, the initrd. */
enum BootImage {
  RAW("60d31700-0000-4000-9000-000000000002"),
  QCOW2("60d31700-0000-4000-9000-000000000003");

  private static final int MIB = 24;
  private static final String SECTORS = Integer.toString(MIB << 11);

  private final String id;

  BootImage(String id) {
    this.id = id;
  }

  String id() {
    return id;
  }

  private String file() {
    return "boot." + format();
  }

  String format() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /** Where every host of the lab has it. */
  String path() {
    return "/srv/guest/" + file();
  }

  /** Makes the images and tells the server of them. */
  static void offer(RealLab lab) {
    Path folder = lab.lab().folder().resolve("guest");
    makeRaw(folder, folder.resolve(RAW.file()));
    Argv.must(
        "qemu-img",
        "convert",
        "-O",
        QCOW2.format(),
        folder.resolve(RAW.file()).toString(),
        folder.resolve(QCOW2.file()).toString());
    lab.serverWith(RAW.table() + QCOW2.table());
  }

  private String table() {
    return "[[image]]\nid = \"%s\"\nname = \"boots-from-%s\"\npath = \"%s\"\n"
        .formatted(id, format(), path());
  }

  /** One file system without partitions; what guests record begins after it. */
  private static void makeRaw(Path folder, Path image) {
    Path menu = folder.resolve("syslinux.cfg");
    LabFolder.write(
        menu,
        "DEFAULT lab\nLABEL lab\nLINUX vmlinuz\nINITRD initrd.gz\nAPPEND %s lab.disk=20 lab.after=%d\n"
            .formatted(GuestImage.ARGUMENTS, MIB));
    String disk = image.toString();
    Argv.must("mformat", "-C", "-i", disk, "-T", SECTORS, "-h", "16", "-s", "63", "::");
    Argv.must("mcopy", "-i", disk, GuestImage.packedKernel().toString(), "::vmlinuz");
    Argv.must("mcopy", "-i", disk, folder.resolve("initrd.gz").toString(), menu.toString(), "::");
    Argv.must("syslinux", "--install", disk);
  }
}
