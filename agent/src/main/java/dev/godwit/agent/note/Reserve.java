package dev.godwit.agent.note;

import dev.godwit.agent.disk.Durable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Room that is taken in good times and given away in bad ones: the clean-up of a copy that filled
 * the disk begins with a note on that disk.
 */
final class Reserve {
  private static final Logger LOG = LoggerFactory.getLogger(Reserve.class);
  static final int BYTES = 1 << 20;
  private static final byte[] ROOM = new byte[BYTES];

  private final Path file;

  Reserve(Path file) {
    this.file = file;
  }

  /** Takes the room unless it is taken; a disk that has none is no reason not to go on. */
  void keep() {
    if (kept()) {
      return;
    }
    Path fresh = file.resolveSibling("reserve.part");
    try {
      // Written, not only announced: a hole takes no room.
      Durable.write(file, fresh, ROOM);
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("why", e.getMessage()).log("no room is kept for the agent's notes");
      discard(fresh);
    }
  }

  /** A loss of power may have left less of it. */
  private boolean kept() {
    try {
      return Files.exists(file) && Files.size(file) >= BYTES;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Puts a file in its place ({@link Durable#write}), also on a disk that others have filled; then
   * the room is taken again, if there is some.
   */
  void write(Path target, Path unfinished, byte[] content) throws IOException {
    try {
      Durable.write(target, unfinished, content);
    } catch (IOException full) {
      if (!discard(file)) {
        throw full;
      }
      Durable.write(target, unfinished, content);
    }
    keep();
  }

  private static boolean discard(Path path) {
    try {
      return Files.deleteIfExists(path);
    } catch (IOException e) {
      return false;
    }
  }
}
