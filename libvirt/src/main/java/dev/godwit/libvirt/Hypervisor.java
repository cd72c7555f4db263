package dev.godwit.libvirt;

import java.util.Optional;

/**
 * Which hypervisor of a host is meant; what is empty, libvirt chooses.
 *
 * @param emulator absolute path of the binary
 * @param virtType kvm or qemu
 */
public record Hypervisor(
    Optional<String> emulator,
    Optional<String> architecture,
    Optional<String> machine,
    Optional<String> virtType) {
  /** The host's default one. */
  public static final Hypervisor DEFAULT =
      new Hypervisor(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
