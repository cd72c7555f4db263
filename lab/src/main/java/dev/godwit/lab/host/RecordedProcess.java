package dev.godwit.lab.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A process remembered in a file by pid and start time, so that a recycled pid is never signalled.
 */
public record RecordedProcess(long pid, String startTime) {

  /** Remembers a live process in a file. */
  public static RecordedProcess remember(Path file, long pid) {
    RecordedProcess process =
        new RecordedProcess(
            pid,
            startTime(pid).orElseThrow(() -> new LabFailure("process " + pid + " ended at once")));
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, process.pid + " " + process.startTime + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return process;
  }

  /** A live process as it is now, remembered nowhere. */
  public static Optional<RecordedProcess> now(long pid) {
    return startTime(pid).map(startTime -> new RecordedProcess(pid, startTime));
  }

  /** The remembered process, if that very process still lives. */
  public static Optional<RecordedProcess> living(Path file) {
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      String[] words = Files.readString(file).strip().split(" ");
      if (words.length != 2) {
        return Optional.empty();
      }
      RecordedProcess process = new RecordedProcess(Long.parseLong(words[0]), words[1]);
      return process.lives() ? Optional.of(process) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** True while that very process lives and is no zombie. */
  public boolean lives() {
    return startTime(pid).map(startTime::equals).orElse(false);
  }

  /** True when something in the process's network listens on this TCP port. */
  public boolean listens(int port) {
    return Sockets.listening(pid).contains(port);
  }

  /** SIGKILL, then waits until it is gone. */
  public void kill() {
    signal("KILL");
    awaitEnd(Duration.ofSeconds(10));
  }

  /** SIGTERM, then SIGKILL for one that does not go in time. */
  public void end(Duration patience) {
    signal("TERM");
    try {
      awaitEnd(patience);
    } catch (LabFailure stubborn) {
      kill();
    }
  }

  /** Sends a signal by name, if that very process still lives. */
  public void signal(String name) {
    if (lives()) {
      send(name, pid);
      if (!name.equals("STOP")) {
        wakeParent();
      }
    }
  }

  /**
   * An nsenter stops itself when its child is stopped, and does not see by itself that the child
   * goes on, or ended; without it nobody buries the child, and its namespaces never end.
   */
  private void wakeParent() {
    parent(pid)
        .filter(it -> commandLine(it).startsWith("nsenter "))
        .ifPresent(it -> send("CONT", it));
  }

  private static void send(String name, long pid) {
    Argv.run(Duration.ofSeconds(5), List.of("kill", "-" + name, Long.toString(pid)));
  }

  private static Optional<Long> parent(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return Optional.of(Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[1]));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  private void awaitEnd(Duration patience) {
    Await.until("process " + pid + " to end", patience, () -> !lives());
  }

  /** Field 22 of /proc/PID/stat; empty when there is no such process or it is a zombie. */
  static Optional<String> startTime(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return fields[0].equals("Z") ? Optional.empty() : Optional.of(fields[19]);
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /** Whoever started it, or took it over; empty when it is gone. */
  public Optional<RecordedProcess> parent() {
    try {
      return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
          .filter(line -> line.startsWith("PPid:"))
          .map(line -> Long.parseLong(line.substring(line.lastIndexOf('\t') + 1)))
          .filter(parent -> parent > 1)
          .findFirst()
          .flatMap(RecordedProcess::now);
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /** Outer pids of a process's children. */
  public static List<Long> children(long pid) {
    try {
      String text = Files.readString(Path.of("/proc/%d/task/%d/children".formatted(pid, pid)));
      return text.isBlank()
          ? List.of()
          : java.util.Arrays.stream(text.strip().split(" ")).map(Long::parseLong).toList();
    } catch (IOException gone) {
      return List.of();
    }
  }

  /** The pid that a process has in its own pid namespace. */
  static Optional<Long> innerPid(long pid) {
    try {
      return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
          .filter(line -> line.startsWith("NSpid:"))
          .map(line -> line.substring(line.lastIndexOf('\t') + 1))
          .map(Long::parseLong)
          .findFirst();
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /** The command line of a process, arguments separated by blanks; empty when it is gone. */
  public static String commandLine(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cmdline")).replace('\0', ' ').strip();
    } catch (IOException gone) {
      return "";
    }
  }
}
