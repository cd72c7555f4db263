package dev.godwit.wire;

import dev.godwit.core.model.HostInventory;
import dev.godwit.wire.proto.Announcement;

/** What an agent announces. */
public final class InventoryMapping {
  private static final int MOST_GUESTS = 10_000;

  private InventoryMapping() {}

  /** To the server. */
  public static Announcement message(HostInventory host) {
    return Announcement.newBuilder()
        .setHost(host.host().value())
        .setNode(host.node())
        .setAddress(host.address())
        .setAgentTarget(host.agentTarget())
        .setHypervisorType(host.hypervisorType())
        .setHypervisorVersion(host.hypervisorVersion())
        .setLibvirtVersion(host.libvirtVersion())
        .addAllVirtTypes(host.virtTypes())
        .setCpuInfoJson(host.cpuInfoJson())
        .setVcpus(host.vcpus())
        .setMemoryMib(host.memoryMib())
        .setFreeMemoryMib(host.freeMemoryMib())
        .setLocalGib(host.localGib())
        .setFreeLocalGib(host.freeLocalGib())
        .setUptimeSeconds(host.uptimeSeconds())
        .addAllGuests(host.guests().stream().map(GuestMapping::message).toList())
        .setIdentity(host.identity())
        .build();
  }

  /** From the agent, checked. */
  public static HostInventory inventory(Announcement from) {
    return new HostInventory(
        Checked.host(from.getHost()),
        from.getNode(),
        from.getAddress(),
        from.getAgentTarget(),
        from.getHypervisorType(),
        from.getHypervisorVersion(),
        from.getLibvirtVersion(),
        from.getVirtTypesList(),
        from.getCpuInfoJson(),
        from.getVcpus(),
        from.getMemoryMib(),
        from.getFreeMemoryMib(),
        from.getLocalGib(),
        from.getFreeLocalGib(),
        from.getUptimeSeconds(),
        Checked.atMost(MOST_GUESTS, from.getGuestsList(), "guests").stream()
            .map(GuestMapping::guest)
            .toList(),
        Checked.identity(from.getIdentity()));
  }
}
