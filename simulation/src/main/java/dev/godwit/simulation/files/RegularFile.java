package dev.godwit.simulation.files;

import java.nio.ByteBuffer;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Its bytes as programs see them, and as they were when they were last forced. */
final class RegularFile extends Node {
  private final List<SimulatedLock> locks = new ArrayList<>();
  private Content content = new Content();
  private Content durable = new Content();
  private boolean cut;
  private long grown;
  private int open;

  RegularFile(Disk disk, Set<PosixFilePermission> permissions) {
    super(disk, permissions);
  }

  List<SimulatedLock> locks() {
    return locks;
  }

  @Override
  long size() {
    return content.size();
  }

  @Override
  long weight() {
    return content.weight() + grown;
  }

  int read(ByteBuffer into, long position) throws LinuxError {
    disk().checkReadable();
    return content.read(into, position);
  }

  /** As write(2): as much as there is room for, and an error when there is none at all. */
  int write(ByteBuffer from, long position) throws LinuxError {
    disk().checkWritable();
    int start = from.position();
    while (from.hasRemaining()) {
      long at = position + from.position() - start;
      if (content.isHole(at) && !disk().take(Content.BLOCK_BYTES)) {
        break;
      }
      content.writeBlock(from, at);
    }
    int written = from.position() - start;
    if (written > 0) {
      changed();
    } else if (from.hasRemaining()) {
      throw new LinuxError(LinuxError.Code.NO_SPACE);
    }
    return written;
  }

  void truncate(long length) throws LinuxError {
    disk().checkWritable();
    if (length < content.size()) {
      long before = content.weight();
      content.truncate(length);
      disk().give(before - content.weight());
      cut = true;
      changed();
    }
  }

  /** Takes room without content, as a guest's sparse disk does when the guest writes. */
  void grow(long bytes) throws LinuxError {
    disk().checkWritable();
    if (!disk().take(bytes)) {
      throw new LinuxError(LinuxError.Code.NO_SPACE);
    }
    grown += bytes;
  }

  /** Takes over another's bytes; nothing changes when there is no room for them. */
  void fillFrom(RegularFile other) throws LinuxError {
    other.disk().checkReadable();
    disk().checkWritable();
    if (!disk().take(other.weight())) {
      throw new LinuxError(LinuxError.Code.NO_SPACE);
    }
    content = other.content.copy();
    grown = other.grown;
    changed();
  }

  private void changed() {
    disk().unforced(this);
    touch();
  }

  void force() throws LinuxError {
    disk().checkReadable();
    settle();
    disk().forced(this);
  }

  void settle() {
    durable = content.copy();
    cut = false;
  }

  /**
   * What the disk finds when the power is back: all new bytes, or those last forced, or nothing
   * where the file was emptied since and its new bytes did not follow. What {@link #grow} took
   * stays.
   */
  void powerLoss(RandomGenerator random) {
    switch (random.nextInt(cut ? 3 : 2)) {
      case 0 -> {}
      case 1 -> content = durable;
      default -> content = new Content();
    }
    settle();
  }

  boolean isOpen() {
    return open > 0;
  }

  void opened() {
    open++;
  }

  void closed() {
    open--;
    disk().forget(this);
  }
}
