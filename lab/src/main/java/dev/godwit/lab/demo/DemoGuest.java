package dev.godwit.lab.demo;

/**
 * A guest of the demo.
 *
 * @param id its UUID, the server's id of the API
 * @param name as its user calls it
 * @param domain as libvirt calls it
 * @param address on the guests' network
 */
public record DemoGuest(String id, String name, String domain, String address) {}
