package dev.godwit.core.migration.plan;

import dev.godwit.core.model.DiskFormat;
import java.util.Optional;

/**
 * What happens to one disk of the guest in the move.
 *
 * @param target the guest's device, for example vda
 * @param path absolute path of the active image, the same on both hosts
 * @param virtualSizeBytes size the guest sees
 * @param backingFile absolute path of the image below it, present on both hosts
 * @param writable false for a disk the guest cannot write
 */
public record DiskMove(
    String target,
    String path,
    DiskFormat format,
    long virtualSizeBytes,
    Optional<String> backingFile,
    boolean writable,
    Mode mode) {
  /** Whether both hosts were seen to use one file. */
  public enum Mode {
    /** Both hosts see the same file: proven with a marker. */
    SHARED,
    /** Each host has its own: the content is copied. */
    COPIED,
    /** Read-only, and each host has the same: nothing is done with it. */
    PRESENT,
    /** The firmware's variables: libvirt makes the destination's file and QEMU fills it. */
    NVRAM
  }

  /** True when the content travels with the move. */
  public boolean copied() {
    return mode == Mode.COPIED;
  }

  /** True when the source's file is of no use any more once the guest has moved. */
  public boolean leaves() {
    return travels() || mode == Mode.NVRAM;
  }

  /** True when it is copied and may be written: libvirt copies no other. */
  public boolean travels() {
    return copied() && writable;
  }
}
