package dev.godwit.agent.guest;

import dev.godwit.agent.file.FileTrouble;
import dev.godwit.agent.file.ImageTool;
import dev.godwit.agent.file.MovingFiles;
import dev.godwit.agent.file.SharedProof;
import dev.godwit.core.migration.plan.DestinationFacts.Room;
import dev.godwit.core.migration.plan.GuestFacts;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.ProofId;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What this host has for a guest's disks, and what it lacks; nothing is made here. */
public final class DiskSurvey {
  private final FileSystem system;
  private final ImageTool images;
  private final MovingFiles files;
  private final SharedProof proof;

  public DiskSurvey(FileSystem system, ImageTool images, MovingFiles files, SharedProof proof) {
    this.system = system;
    this.images = images;
    this.files = files;
    this.proof = proof;
  }

  private static List<GuestFacts.DiskFacts> inFiles(GuestFacts guest) {
    return guest.disks().stream().filter(disk -> disk.kind().equals("file")).toList();
  }

  private static List<GuestFacts.DiskFacts> files(GuestFacts guest) {
    return guest.disks().stream()
        .filter(disk -> disk.kind().equals("file") || disk.nvram())
        .toList();
  }

  /** The disks that both hosts see as one file. */
  List<String> shared(ProofId id, GuestFacts guest) {
    return proof.seen(id, files(guest).stream().map(GuestFacts.DiskFacts::path).toList());
  }

  /**
   * True when the file's own lock, which the guest's QEMU holds over there, was tried here and
   * refuses a second user, for every shared disk that the guest writes.
   */
  boolean locked(GuestFacts guest, List<String> shared) {
    List<GuestFacts.DiskFacts> written =
        inFiles(guest).stream()
            .filter(disk -> disk.writable() && shared.contains(disk.path()))
            .toList();
    // QEMU takes no lock for a disk that several guests may write.
    return !written.isEmpty()
        && written.stream()
            .allMatch(disk ->
                !disk.shareable() && images.locked(system.getPath(disk.path()), disk.format()));
  }

  /** The file systems that the disks are on, or would be. */
  Map<String, Room> room(GuestFacts guest) {
    Map<String, Room> rooms = new HashMap<>();
    for (GuestFacts.DiskFacts disk : inFiles(guest)) {
      existing(system.getPath(disk.path()))
          .ifPresent(directory -> rooms.put(disk.path(), room(directory)));
    }
    return rooms;
  }

  private static Room room(Path directory) {
    try {
      FileStore store = Files.getFileStore(directory);
      return new Room(name(store, directory), store.getUsableSpace());
    } catch (IOException e) {
      return new Room(directory.toString(), 0);
    }
  }

  /**
   * The device number, as major:minor, is one for all mounts of a file system, and another for each
   * tmpfs although all have one name.
   */
  private static String name(FileStore store, Path directory) throws IOException {
    if (Files.getAttribute(directory, "unix:dev") instanceof Long device) {
      long major = ((device >>> 8) & 0xfff) | ((device >>> 32) & ~0xfffL);
      long minor = (device & 0xff) | ((device >>> 12) & 0xffffff00L);
      return "%s %d:%d".formatted(store.name(), major, minor);
    }
    return store.toString();
  }

  /** The nearest directory above that exists. */
  private static Optional<Path> existing(Path path) {
    Path here = path.getParent();
    while (here != null && !Files.isDirectory(here)) {
      here = here.getParent();
    }
    return Optional.ofNullable(here);
  }

  /** Images below disks that have to be here before the move. */
  List<String> missing(GuestFacts guest) {
    return inFiles(guest).stream()
        .filter(GuestFacts.DiskFacts::writable)
        .flatMap(
            disk -> disk.backingFile().flatMap(top -> below(disk, system.getPath(top))).stream())
        .distinct()
        .toList();
  }

  /** Why a read-only disk, which libvirt does not copy, is not the same here, by path. */
  Map<String, String> readOnlyTrouble(GuestFacts guest, List<String> shared) {
    Map<String, String> trouble = new HashMap<>();
    for (GuestFacts.DiskFacts disk : guest.disks()) {
      if (disk.local() && !disk.writable() && !shared.contains(disk.path())) {
        differs(disk).ifPresent(why -> trouble.put(disk.path(), why));
      }
    }
    return trouble;
  }

  private Optional<String> differs(GuestFacts.DiskFacts disk) {
    Path path = system.getPath(disk.path());
    if (!Files.isReadable(path)) {
      return Optional.of("it is missing");
    }
    try {
      return disk.fingerprint()
          .filter(there -> !there.equals(images.chain(path).fingerprint()))
          .map(other -> "it has another content");
    } catch (FileTrouble e) {
      return Optional.of("it cannot be read: " + e.getMessage());
    }
  }

  /** What QEMU reads from the host when it starts the guest, and does not find here. */
  List<String> missingBootFiles(GuestFacts guest) {
    return guest.bootFiles().stream()
        .filter(file -> !Files.isReadable(system.getPath(file)))
        .toList();
  }

  /** A guest on another base of the same name would find another disk, and nobody would notice. */
  private Optional<String> below(GuestFacts.DiskFacts disk, Path top) {
    ImageTool.Chain chain = images.chain(top);
    if (chain.end().isPresent()) {
      return chain.end().map(Path::toString);
    }
    return disk.fingerprint()
        .filter(there -> !there.equals(chain.fingerprint()))
        .map(other -> top + " (here with another content)");
  }

  /** What stands where a disk would be copied to. */
  List<String> inTheWay(InstanceId instance, GuestFacts guest, List<String> shared) {
    return files(guest).stream()
        .filter(disk -> disk.writable() && !shared.contains(disk.path()))
        .flatMap(disk ->
            this.files
                .inTheWay(instance, system.getPath(disk.path()))
                .map(whose -> disk.path() + " (" + whose + ")")
                .stream())
        .toList();
  }
}
