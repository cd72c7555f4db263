package dev.godwit.core.model;

import java.util.Locale;

/** Image formats that Godwit makes and copies. */
public enum DiskFormat {
  QCOW2,
  RAW;

  /** qemu-img's and libvirt's word. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Parses qemu-img's word; {@link IllegalArgumentException} when unknown. */
  public static DiskFormat of(String word) {
    for (DiskFormat format : values()) {
      if (format.word().equals(word)) {
        return format;
      }
    }
    throw new IllegalArgumentException("disk format: expected qcow2 or raw, found '" + word + "'");
  }
}
