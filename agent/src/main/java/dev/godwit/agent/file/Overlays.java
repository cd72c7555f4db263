package dev.godwit.agent.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Which image lies over another: a disk that is somebody's backing file is never removed. Reads
 * qcow2's header itself, since it may have to look at every image of a host.
 */
final class Overlays {
  private static final int QCOW2_MAGIC = 0x514649fb;
  private static final int HEADER_BYTES = 20;
  private static final int MOST_NAME_BYTES = 1023;
  private static final int MOST_LAYERS = 64;

  private Overlays() {}

  /** An image over this disk among its neighbours and the given ones. */
  static Optional<Path> over(Path disk, Collection<Path> others) {
    List<Path> candidates = new ArrayList<>(others);
    candidates.addAll(neighbours(disk));
    return candidates.stream().filter(image -> liesOver(image, disk)).findFirst();
  }

  private static List<Path> neighbours(Path disk) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(Places.parent(disk))) {
      for (Path file : files) {
        if (Files.isRegularFile(file)) {
          found.add(file);
        }
      }
      return found;
    } catch (IOException | DirectoryIteratorException e) {
      throw new FileTrouble("%s: %s".formatted(Places.parent(disk), e.getMessage()));
    }
  }

  private static boolean liesOver(Path image, Path disk) {
    Path here = image;
    for (int i = 0; i < MOST_LAYERS; i++) {
      Optional<Path> below = backing(here);
      if (below.isEmpty()) {
        return false;
      }
      if (same(below.get(), disk)) {
        return true;
      }
      here = below.get();
    }
    throw new FileTrouble(image + ": expected at most " + MOST_LAYERS + " images over each other");
  }

  static boolean same(Path one, Path other) {
    try {
      return Files.isSameFile(one, other);
    } catch (IOException e) {
      return one.equals(other);
    }
  }

  /** The image below, when this is a qcow2 image that names one. */
  private static Optional<Path> backing(Path image) {
    if (!Files.isRegularFile(image)) {
      return Optional.empty();
    }
    try (FileChannel in = FileChannel.open(image)) {
      ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
      if (in.read(header, 0) < HEADER_BYTES || header.getInt(0) != QCOW2_MAGIC) {
        return Optional.empty();
      }
      long offset = header.getLong(8);
      int length = header.getInt(16);
      if (offset <= 0 || length <= 0 || length > MOST_NAME_BYTES) {
        return Optional.empty();
      }
      ByteBuffer name = ByteBuffer.allocate(length);
      in.read(name, offset);
      return Optional.of(file(image, StandardCharsets.UTF_8.decode(name.flip()).toString()));
    } catch (IOException e) {
      throw new FileTrouble("%s: %s".formatted(image, e.getMessage()));
    }
  }

  private static Path file(Path image, String name) {
    String plain = name.startsWith("file:") ? name.substring("file:".length()) : name;
    return image.resolveSibling(plain);
  }
}
