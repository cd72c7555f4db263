package dev.godwit.simulation.libvirt;

import java.util.UUID;

/** Who watches every guest of the world from outside, and knows what nobody in it can know. */
public interface Witnesses {
  /**
   * A guest begins to run, or goes on.
   *
   * @param byLibvirt libvirt did that by itself, in a move
   * @param olderThanDisk its memory is older than a disk that it writes
   */
  void runs(String host, UUID guest, boolean byLibvirt, boolean olderThanDisk);

  /** It stands still. */
  void pauses(String host, UUID guest);

  /**
   * Its process is gone.
   *
   * @param how in libvirt's words, for the story
   * @param byItself shut down by itself or its owner, not by anybody's management
   */
  void ends(String host, UUID guest, String how, boolean byItself);

  /** One of the two QEMUs of a post-copy is gone before the destination had all memory. */
  void lostInPostCopy(String host, UUID guest);

  /** Something of note, for the story. */
  void note(String host, String what);
}
