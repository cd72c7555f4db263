package dev.godwit.core.model;

/** How a guest boots. Paths are absolute, on the host. */
public sealed interface BootSpec {
  /** Direct kernel boot. */
  record Kernel(String kernel, String initrd, String arguments) implements BootSpec {}

  /** From its first disk. */
  record Disk() implements BootSpec {}
}
