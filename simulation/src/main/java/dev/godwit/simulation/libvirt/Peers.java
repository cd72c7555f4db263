package dev.godwit.simulation.libvirt;

/** Which daemon is reached by which URI, and over what link. */
public interface Peers {
  /** The host with that address in its libvirt URI. */
  SimulatedHost at(String uri);

  /** True while packets pass between two hosts' daemons, both ways. */
  boolean linked(String one, String other);

  /** True when nothing more can be written on a host's own disk. */
  boolean full(String host);
}
