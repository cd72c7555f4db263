package dev.godwit.agent.note;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Room that is taken in good times and given away in bad ones: the clean-up of a copy that filled
 * the disk begins with a note on that disk.
 */
final class Reserve {
  private static final Logger LOG = LoggerFactory.getLogger(Reserve.class);
  static final int BYTES = 1 << 20;

  private final Path file;

  Reserve(Path file) {
    this.file = file;
  }

  /** Takes the room unless it is taken; a disk that has none is no reason not to go on. */
  void keep() {
    if (Files.exists(file)) {
      return;
    }
    Path fresh = file.resolveSibling("reserve.part");
    try {
      try (FileChannel out =
          FileChannel.open(
              fresh,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        // Written, not only announced: a hole takes no room.
        ByteBuffer zeros = ByteBuffer.allocate(BYTES);
        while (zeros.hasRemaining()) {
          out.write(zeros);
        }
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("why", e.getMessage()).log("no room is kept for the agent's notes");
      discard(fresh);
    }
  }

  /** Gives it away; false when there is none. */
  boolean give() {
    return discard(file);
  }

  private static boolean discard(Path path) {
    try {
      return Files.deleteIfExists(path);
    } catch (IOException e) {
      return false;
    }
  }
}
