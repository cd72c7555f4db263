package dev.godwit.lab.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs programs by argument vectors, never through a shell, each with a deadline. */
public final class Argv {
  private Argv() {}

  /** What a program said and how it ended. */
  public record Result(int exit, String out, String err) {
    /** True when it ended with 0. */
    public boolean ok() {
      return exit == 0;
    }
  }

  /** Runs to the end; {@link LabFailure} when it does not end within the deadline. */
  public static Result run(Duration deadline, List<String> argv) {
    return run(deadline, argv, "");
  }

  /** Runs to the end with this standard input. */
  public static Result run(Duration deadline, List<String> argv, String input) {
    try {
      Path out = Files.createTempFile("godwit-lab", ".out");
      Path err = Files.createTempFile("godwit-lab", ".err");
      try {
        Process process =
            new ProcessBuilder(argv)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try (var stdin = process.getOutputStream()) {
          stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
          // The program ended without reading its input; its exit code tells the rest.
        }
        if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
          process.destroyForcibly();
          throw new LabFailure(
              "'%s' did not end within %s".formatted(String.join(" ", argv), deadline));
        }
        return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
      } finally {
        Files.deleteIfExists(out);
        Files.deleteIfExists(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabFailure("interrupted while running " + argv.getFirst());
    }
  }

  /** Runs to the end; {@link LabFailure} with its words unless it ends with 0. */
  public static String must(Duration deadline, List<String> argv) {
    Result result = run(deadline, argv);
    if (!result.ok()) {
      throw new LabFailure(
          "'%s' ended with %d: %s"
              .formatted(String.join(" ", argv), result.exit(), result.err().strip()));
    }
    return result.out();
  }

  /** As {@link #must(Duration, List)} within 20 seconds. */
  public static String must(String... argv) {
    return must(Duration.ofSeconds(20), List.of(argv));
  }
}
