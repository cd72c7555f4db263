package dev.godwit.simulation.files;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a file in blocks, with holes. A block is never changed, only replaced, so that a copy
 * costs next to nothing; blocks of zeros are all one.
 */
final class Content {
  static final int BLOCK_BYTES = 4096;
  private static final byte[] ZEROS = new byte[BLOCK_BYTES];

  private final NavigableMap<Long, byte[]> blocks;
  private long size;

  Content() {
    this(new TreeMap<>(), 0);
  }

  private Content(NavigableMap<Long, byte[]> blocks, long size) {
    this.blocks = blocks;
    this.size = size;
  }

  Content copy() {
    return new Content(new TreeMap<>(blocks), size);
  }

  long size() {
    return size;
  }

  /** What it takes on a disk. */
  long weight() {
    return (long) blocks.size() * BLOCK_BYTES;
  }

  /** As {@link java.nio.channels.FileChannel#read(ByteBuffer, long)}. */
  int read(ByteBuffer into, long position) {
    if (!into.hasRemaining()) {
      return 0;
    }
    if (position >= size) {
      return -1;
    }
    int count = (int) Math.min(into.remaining(), size - position);
    for (int done = 0; done < count; ) {
      long at = position + done;
      int offset = (int) (at % BLOCK_BYTES);
      int part = Math.min(count - done, BLOCK_BYTES - offset);
      byte @Nullable [] block = blocks.get(at / BLOCK_BYTES);
      int known = block == null ? 0 : Math.clamp((long) block.length - offset, 0, part);
      if (block != null) {
        into.put(block, Math.min(offset, block.length), known);
      }
      into.put(ZEROS, 0, part - known);
      done += part;
    }
    return count;
  }

  /** True when writing there takes new room. */
  boolean isHole(long position) {
    return !blocks.containsKey(position / BLOCK_BYTES);
  }

  /** Writes what fits into the block of that position. */
  void writeBlock(ByteBuffer from, long position) {
    int offset = (int) (position % BLOCK_BYTES);
    int part = Math.min(from.remaining(), BLOCK_BYTES - offset);
    long index = position / BLOCK_BYTES;
    if (part == BLOCK_BYTES && zeros(from.slice(from.position(), part))) {
      from.position(from.position() + part);
      blocks.put(index, ZEROS);
    } else {
      byte[] old = blocks.getOrDefault(index, new byte[0]);
      byte[] fresh = Arrays.copyOf(old, Math.max(old.length, offset + part));
      from.get(fresh, offset, part);
      blocks.put(index, fresh);
    }
    size = Math.max(size, position + part);
  }

  private static boolean zeros(ByteBuffer bytes) {
    return bytes.mismatch(ByteBuffer.wrap(ZEROS)) == -1;
  }

  /** Cuts it off there; never makes it longer. */
  void truncate(long length) {
    if (length >= size) {
      return;
    }
    size = length;
    int rest = (int) (length % BLOCK_BYTES);
    blocks.tailMap(length / BLOCK_BYTES, rest == 0).clear();
    blocks.computeIfPresent(
        length / BLOCK_BYTES,
        (index, block) -> block.length > rest ? Arrays.copyOf(block, rest) : block);
  }
}
