package dev.godwit.simulation.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/** Where the contract is checked: both have to answer alike. */
enum Ground {
  REAL {
    @Override
    Path folder(Path real) {
      return real;
    }
  },
  SIMULATED {
    @Override
    Path folder(Path real) throws IOException {
      Disk disk = new Disk("/dev/vda", 0xfe00, 64 << 20, Clock.systemUTC());
      SimulatedFileSystem process = new MountTable(disk).process();
      return Files.createDirectories(process.getPath(real.toString()));
    }
  };

  /** A directory to work in, at the same path on both. */
  abstract Path folder(Path real) throws IOException;

  /** What may fail. */
  interface Attempt {
    void run() throws Exception;
  }

  /** How it failed: the exception's name and message, the folder shortened to a tilde. */
  static String failure(Path folder, Attempt attempt) {
    try {
      attempt.run();
      return "nothing";
    } catch (Exception e) {
      String message = String.valueOf(e.getMessage()).replace(folder.toString(), "~");
      return e.getClass().getSimpleName() + ": " + message;
    }
  }
}
