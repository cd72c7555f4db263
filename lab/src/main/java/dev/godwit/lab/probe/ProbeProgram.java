package dev.godwit.lab.probe;

import dev.godwit.lab.host.Argv;
import dev.godwit.lab.host.LabFolder;
import dev.godwit.lab.host.Shelf;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The small C program that watches guests: a JVM's own pauses would look like the guest's. */
public final class ProbeProgram {
  private static final String NAME = "labprobe";

  private ProbeProgram() {}

  /** Compiles it unless it is there; where it is. */
  public static Path make(LabFolder folder) {
    Path program = program(folder);
    if (Files.isExecutable(program)) {
      return program;
    }
    Path source = folder.resource("probe/labprobe.c");
    Optional<Shelf> shelf = Shelf.of("probe", List.of(Shelf.bytes(source)));
    if (shelf.map(it -> it.take(folder.run(), List.of(NAME))).orElse(false)) {
      return program;
    }
    Path fresh = program.resolveSibling("labprobe.fresh");
    Argv.must(
        Duration.ofMinutes(1), List.of("gcc", "-O2", "-o", fresh.toString(), source.toString()));
    Argv.must("mv", fresh.toString(), program.toString());
    shelf.ifPresent(it -> it.keep(folder.run(), List.of(NAME)));
    return program;
  }

  static Path program(LabFolder folder) {
    return folder.run().resolve(NAME);
  }
}
