package dev.godwit.simulation.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An open file, or an open directory, which can only be forced. */
final class SimulatedChannel extends FileChannel {
  private static final int TRANSFER_BYTES = 64 << 10;

  private final SimulatedFileSystem process;
  private final Node node;
  private final OpenFlags flags;
  private long position;

  SimulatedChannel(SimulatedFileSystem process, Node node, OpenFlags flags) {
    this.process = process;
    this.node = node;
    this.flags = flags;
    node.disk().opened(1);
    if (node instanceof RegularFile file) {
      file.opened();
    }
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    int count = readAt(into, position);
    position += Math.max(0, count);
    return count;
  }

  @Override
  public int read(ByteBuffer into, long at) throws IOException {
    notNegative(at, "Negative position");
    return readAt(into, at);
  }

  @Override
  public long read(ByteBuffer[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    long total = 0;
    for (int i = offset; i < offset + length; i++) {
      int count = read(into[i]);
      if (count < 0) {
        return total == 0 ? -1 : total;
      }
      total += count;
    }
    return total;
  }

  private int readAt(ByteBuffer into, long at) throws IOException {
    readable();
    try {
      return file().read(into, at);
    } catch (LinuxError e) {
      throw e.plain();
    }
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    writable();
    long at = flags.append() ? node.size() : position;
    int count = writeAt(from, at);
    position = at + count;
    return count;
  }

  @Override
  public int write(ByteBuffer from, long at) throws IOException {
    notNegative(at, "Negative position");
    writable();
    return writeAt(from, flags.append() ? node.size() : at);
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, from.length);
    long total = 0;
    for (int i = offset; i < offset + length; i++) {
      total += write(from[i]);
      if (from[i].hasRemaining()) {
        return total;
      }
    }
    return total;
  }

  private int writeAt(ByteBuffer from, long at) throws IOException {
    try {
      return file().write(from, at);
    } catch (LinuxError e) {
      throw e.plain();
    }
  }

  private RegularFile file() throws LinuxError {
    if (node instanceof RegularFile file) {
      return file;
    }
    throw new LinuxError(LinuxError.Code.IS_DIRECTORY);
  }

  @Override
  public long position() throws IOException {
    open();
    return flags.append() ? node.size() : position;
  }

  @Override
  public FileChannel position(long to) throws IOException {
    open();
    notNegative(to, "Negative position");
    position = to;
    return this;
  }

  @Override
  public long size() throws IOException {
    open();
    return node.size();
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    open();
    notNegative(size, "Negative size");
    writable();
    try {
      file().truncate(size);
    } catch (LinuxError e) {
      throw e.plain();
    }
    position = Math.min(position, size);
    return this;
  }

  @Override
  public void force(boolean metaData) throws IOException {
    open();
    try {
      node.disk().checkReadable();
      if (node instanceof RegularFile file) {
        file.force();
      } else if (node instanceof Directory directory) {
        directory.disk().names().force(directory);
      }
    } catch (LinuxError e) {
      throw e.plain();
    }
  }

  @Override
  public long transferTo(long from, long count, WritableByteChannel target) throws IOException {
    readable();
    ByteBuffer part = part(from, count);
    return readAt(part, from) <= 0 ? 0 : target.write(part.flip());
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long at, long count) throws IOException {
    writable();
    ByteBuffer part = part(at, count);
    return at > size() || source.read(part) <= 0 ? 0 : write(part.flip(), at);
  }

  private static ByteBuffer part(long at, long count) {
    notNegative(Math.min(at, count), "Negative position or count");
    return ByteBuffer.allocate((int) Math.min(count, TRANSFER_BYTES));
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long at, long size) {
    throw new UnsupportedOperationException("FileChannel.map");
  }

  @Override
  public FileLock lock(long at, long size, boolean shared) throws IOException {
    @Nullable FileLock lock = tryLock(at, size, shared);
    if (lock == null) {
      throw new UnsupportedOperationException(
          "FileChannel.lock that waits for another process: there is one thread. Use tryLock");
    }
    return lock;
  }

  @Override
  public @Nullable FileLock tryLock(long at, long size, boolean shared) throws IOException {
    open();
    if (shared) {
      readable();
    } else {
      writable();
    }
    if (!(node instanceof RegularFile file)) {
      throw new UnsupportedOperationException("FileChannel.tryLock of a directory");
    }
    long length = size == 0 ? Long.MAX_VALUE - Math.max(0, at) : size;
    return process.locks().tryLock(file, new SimulatedLock(this, at, length, shared));
  }

  void unlock(SimulatedLock lock) {
    if (node instanceof RegularFile file) {
      process.locks().unlock(file, lock);
    }
  }

  @Override
  protected void implCloseChannel() {
    process.closed(this);
    node.disk().opened(-1);
    if (node instanceof RegularFile file) {
      process.locks().closed(this, file);
      file.closed();
    }
  }

  private void open() throws ClosedChannelException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
  }

  private void readable() throws ClosedChannelException {
    open();
    if (!flags.read()) {
      throw new NonReadableChannelException();
    }
  }

  private void writable() throws ClosedChannelException {
    open();
    if (!flags.write()) {
      throw new NonWritableChannelException();
    }
  }

  private static void notNegative(long value, String message) {
    if (value < 0) {
      throw new IllegalArgumentException(message);
    }
  }
}
