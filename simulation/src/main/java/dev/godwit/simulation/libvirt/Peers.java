package dev.godwit.simulation.libvirt;

import java.util.Optional;

/** Which daemon is reached by which URI, and over what link. */
public interface Peers {
  /** The host with that address in its libvirt URI; empty when no daemon is reached by it. */
  Optional<SimulatedHost> at(String uri);

  /** True while packets pass between two hosts' daemons, both ways. */
  boolean linked(String one, String other);

  /** True when nothing more can be written on a host's own disk. */
  boolean full(String host);

  /** True when a Finish fails now, for a reason that nobody but libvirt knows. */
  boolean finishFails();

  /** True when QEMU cannot end a copy now, though all goes well between the hosts. */
  boolean lastStageFails();
}
