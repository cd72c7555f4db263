package dev.godwit.core.model;

import static dev.godwit.core.Check.argument;

import java.util.Optional;

/**
 * A disk to be made for a new instance.
 *
 * @param target the guest's device, vda to vdz
 * @param sizeBytes virtual size; 0 for that of the image that it is laid over
 * @param backingFile absolute path on the host of an image that this one is laid over
 */
public record DiskSpec(
    String target,
    DirectoryKind directory,
    DiskFormat format,
    long sizeBytes,
    Optional<String> backingFile) {
  public DiskSpec {
    argument(target.matches("vd[a-z]"), "disk target: expected vda to vdz, found '%s'", target);
    argument(
        sizeBytes > 0 || (sizeBytes == 0 && backingFile.isPresent()),
        "disk %s: expected a size above 0 bytes, found %s",
        target,
        sizeBytes);
    argument(
        backingFile.isEmpty() || format == DiskFormat.QCOW2,
        "disk %s: only qcow2 has a backing file, found %s",
        target,
        format.word());
  }
}
