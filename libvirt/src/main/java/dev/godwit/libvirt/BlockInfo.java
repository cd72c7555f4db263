package dev.godwit.libvirt;

/**
 * The size of a guest's disk (virDomainGetBlockInfo).
 *
 * @param capacityBytes what the guest sees
 * @param allocationBytes the highest byte in use
 * @param physicalBytes what the host's file or device takes
 */
public record BlockInfo(long capacityBytes, long allocationBytes, long physicalBytes) {}
