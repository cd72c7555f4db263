package dev.godwit.simulation.libvirt;

/** What libvirt does otherwise since a release. */
public enum Release {
  BEFORE_9_2,
  /** A guest that it could not resume after a failed move is told as that, in state and event. */
  SINCE_9_2
}
