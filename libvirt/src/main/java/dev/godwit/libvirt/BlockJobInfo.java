package dev.godwit.libvirt;

/**
 * A job on a guest's disk (virDomainGetBlockJobInfo).
 *
 * @param bandwidthBytesPerSecond the limit; 0 is none
 * @param current how far it is, in libvirt's own measure
 * @param end what current will be at the end
 */
public record BlockJobInfo(
    BlockJobType type, long bandwidthBytesPerSecond, long current, long end) {}
