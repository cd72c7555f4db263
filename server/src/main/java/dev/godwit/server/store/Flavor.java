package dev.godwit.server.store;

/**
 * How large an instance is.
 *
 * @param number the integer that migrations show
 */
public record Flavor(int number, String id, String name, int memoryMib, int vcpus, int diskGib) {}
