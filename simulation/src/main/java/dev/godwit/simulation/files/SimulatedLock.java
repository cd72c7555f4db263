package dev.godwit.simulation.files;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileLock;

/** A lock of a process on a file, held through a channel. */
final class SimulatedLock extends FileLock {
  private final SimulatedChannel channel;
  private boolean released;

  SimulatedLock(SimulatedChannel channel, long position, long size, boolean shared) {
    super(channel, position, size, shared);
    this.channel = channel;
  }

  @Override
  public boolean isValid() {
    return !released && channel.isOpen();
  }

  @Override
  public void release() throws IOException {
    if (!channel.isOpen()) {
      throw new ClosedChannelException();
    }
    released = true;
    channel.unlock(this);
  }
}
