package dev.godwit.simulation.libvirt;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.agent.file.Programs;
import dev.godwit.core.port.Tempo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** qemu-img of a simulated host: images are their headers. */
public final class SimulatedPrograms implements Programs {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAGIC = 0x514649fb;
  private static final int HEADER_BYTES = 4096;
  private static final int NAME_AT = 512;
  private static final Duration SLOW = Duration.ofSeconds(8);
  private static final Result INTERRUPTED = new Result(-1, "interrupted");
  private static final Result NO_SUCH_FILE = new Result(1, "Could not open: No such file");

  private final FileSystem files;
  private final Images images;
  private final Supplier<Manner> manner;
  private final Tempo tempo;

  /** How a program fares that is run now. */
  public enum Manner {
    WELL,
    SLOW,
    /** Until somebody kills it. */
    HANGS,
    /** It does what it should, and says that it failed. */
    DONE_AND_SAYS_FAILED
  }

  public SimulatedPrograms(FileSystem files, Images images, Supplier<Manner> manner, Tempo tempo) {
    this.files = files;
    this.images = images;
    this.manner = manner;
    this.tempo = tempo;
  }

  @Override
  public Result run(Duration deadline, List<String> argv) {
    return switch (manner.get()) {
      case WELL -> done(argv);
      case SLOW -> rests(SLOW) ? done(argv) : INTERRUPTED;
      case HANGS ->
          rests(deadline)
              ? new Result(-1, "no end within " + deadline.toSeconds() + " s")
              : INTERRUPTED;
      case DONE_AND_SAYS_FAILED -> {
        Result _ = done(argv);
        yield new Result(1, "Input/output error");
      }
    };
  }

  private boolean rests(Duration length) {
    try {
      tempo.rest(length);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Result done(List<String> argv) {
    try {
      return switch (argv.get(1)) {
        case "info" -> info(files.getPath(argv.getLast()), argv.contains("--force-share"));
        case "create" -> create(argv);
        case String other -> throw new UnsupportedOperationException("qemu-img " + other);
      };
    } catch (IOException e) {
      return new Result(1, String.valueOf(e.getMessage()));
    }
  }

  private Result info(Path image, boolean share) throws IOException {
    if (!Files.isRegularFile(image)) {
      return NO_SUCH_FILE;
    }
    if (!share && images.locked(image)) {
      return new Result(1, "Failed to get shared \"write\" lock");
    }
    ByteBuffer header = ByteBuffer.wrap(Files.readAllBytes(image));
    if (header.capacity() < HEADER_BYTES || header.getInt(0) != MAGIC) {
      return new Result(1, "Image is not in qcow2 format");
    }
    ObjectNode info = JSON.createObjectNode();
    info.put("format", "qcow2").put("virtual-size", header.getLong(24));
    info.put("actual-size", (long) HEADER_BYTES);
    int length = header.getInt(16);
    if (length > 0) {
      byte[] name = new byte[length];
      header.get(NAME_AT, name);
      info.put("full-backing-filename", new String(name, StandardCharsets.UTF_8));
    }
    return new Result(0, info.toString());
  }

  private Result create(List<String> argv) throws IOException {
    int at = argv.indexOf("-b");
    Optional<String> backing = at < 0 ? Optional.empty() : Optional.of(argv.get(at + 1));
    long size = Long.parseLong(argv.getLast());
    Path image = files.getPath(argv.get(argv.size() - 2));
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    header.putInt(0, MAGIC).putInt(4, 3).putLong(24, size);
    if (backing.isPresent()) {
      byte[] name = backing.get().getBytes(StandardCharsets.UTF_8);
      header.putLong(8, NAME_AT).putInt(16, name.length).put(NAME_AT, name);
    }
    try (FileChannel out =
        FileChannel.open(
            image,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      out.write(header);
      // A guest's disk is not what is to be lost with the power here.
      out.force(true);
    }
    return new Result(0, "");
  }
}
