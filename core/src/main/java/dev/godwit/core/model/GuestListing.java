package dev.godwit.core.model;

/**
 * A domain on a host, as the agent lists it.
 *
 * @param pid its QEMU process, 0 when it does not run
 * @param ours a domain that Godwit made or adopted
 */
public record GuestListing(
    InstanceId id,
    String name,
    PowerState powerState,
    long memoryMib,
    int vcpus,
    long pid,
    boolean ours) {}
