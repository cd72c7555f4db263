package dev.godwit.agent.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of words and of samples of files: images are too large to be read whole. */
final class Digest {
  private static final int END_BYTES = 1 << 20;
  private static final int SAMPLES = 64;
  private static final int SAMPLE_BYTES = 64 << 10;

  private final MessageDigest digest;

  Digest() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  void add(String words) {
    digest.update((words.length() + ":" + words).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A file's length, its first and its last MiB, and 64 blocks of 64 KiB at even distances between:
   * all of a file of up to 4 MiB, and 6 MiB of the largest. {@link FileTrouble} when it cannot be
   * read.
   */
  void addSamples(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long length = channel.size();
      add("length " + length);
      add(channel, 0, END_BYTES);
      add(channel, Math.max(0, length - END_BYTES), END_BYTES);
      long last = Math.max(0, length - SAMPLE_BYTES);
      for (int i = 0; i < SAMPLES; i++) {
        add(channel, last * i / (SAMPLES - 1), SAMPLE_BYTES);
      }
    } catch (IOException e) {
      throw new FileTrouble("%s: %s".formatted(file, e.getMessage()));
    }
  }

  private void add(FileChannel channel, long from, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    long at = from;
    int read = 0;
    while (bytes.hasRemaining() && read >= 0) {
      read = channel.read(bytes, at);
      at += Math.max(0, read);
    }
    digest.update(bytes.flip());
  }

  String text() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
