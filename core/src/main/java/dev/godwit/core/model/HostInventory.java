package dev.godwit.core.model;

import java.util.List;
import java.util.Optional;

/**
 * What an agent announces of its host.
 *
 * @param agentTarget host:port on which the agent serves
 * @param hypervisorVersion major·1000000 + minor·1000 + micro
 * @param cpuInfoJson Nova's cpu_info object as JSON text
 * @param identity tells this machine from another of the same name; empty in a record made before
 *     agents told it
 * @param localGib size of the file system of the instances' own directory
 */
public record HostInventory(
    HostName host,
    String node,
    String address,
    String agentTarget,
    String hypervisorType,
    long hypervisorVersion,
    long libvirtVersion,
    List<String> virtTypes,
    String cpuInfoJson,
    int vcpus,
    long memoryMib,
    long freeMemoryMib,
    long localGib,
    long freeLocalGib,
    long uptimeSeconds,
    List<GuestListing> guests,
    String identity) {
  public HostInventory {
    virtTypes = List.copyOf(virtTypes);
    guests = List.copyOf(guests);
    // What was recorded before agents told it has none.
    identity = Optional.ofNullable(identity).orElse("");
  }
}
