package dev.godwit.core.model;

import static dev.godwit.core.Check.argument;

import java.util.List;

/**
 * What a new guest is made of.
 *
 * @param networkAddresses MAC addresses of its network cards, each on the host's configured bridge
 */
public record GuestSpec(
    String name,
    int memoryMib,
    int vcpus,
    BootSpec boot,
    List<DiskSpec> disks,
    List<String> networkAddresses) {
  public GuestSpec {
    argument(!name.isBlank(), "guest name: expected at least one character");
    argument(memoryMib >= 16, "memory: expected at least 16 MiB, found %s", memoryMib);
    argument(vcpus >= 1 && vcpus <= 512, "vcpus: expected 1 to 512, found %s", vcpus);
    disks = List.copyOf(disks);
    networkAddresses = List.copyOf(networkAddresses);
  }
}
