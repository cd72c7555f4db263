package dev.godwit.libvirt;

/** The host's hardware (virNodeGetInfo). */
public record NodeInfo(
    String cpuModel,
    long memoryBytes,
    int activeCpus,
    int cpuMhz,
    int numaNodes,
    int socketsPerNode,
    int coresPerSocket,
    int threadsPerCore) {}
