package dev.godwit.lab.host;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A set of namespaces held by its own pid 1: one lab host, or the switch. */
public final class Namespaces {
  private final RecordedProcess holder;

  private Namespaces(RecordedProcess holder) {
    this.holder = holder;
  }

  /** Those of a running holder. */
  public static Namespaces of(RecordedProcess holder) {
    return new Namespaces(holder);
  }

  /** Starts a holder: own mount, UTS, IPC, network and PID namespace. */
  public static Namespaces start(Path pidFile, Path log, List<String> init) {
    List<String> argv =
        new ArrayList<>(
            List.of(
                "setsid",
                "unshare",
                "--mount",
                "--uts",
                "--ipc",
                "--net",
                "--pid",
                "--fork",
                "--kill-child",
                "--propagation",
                "private",
                "bash"));
    argv.addAll(init);
    long outer = spawn(argv, log);
    Await.until(
        "the namespaces of " + init.get(1),
        Duration.ofSeconds(10),
        () ->
            !RecordedProcess.children(outer).isEmpty()
                || RecordedProcess.startTime(outer).isEmpty());
    return RecordedProcess.children(outer).stream()
        .findFirst()
        .map(child -> new Namespaces(RecordedProcess.remember(pidFile, child)))
        .orElseThrow(() ->
            new LabFailure(
                "the namespaces of %s ended at once%n%s"
                    .formatted(init.get(1), LabFolder.tail(log))));
  }

  /** Waits for the file by which the holder says that its view of the machine is made. */
  void awaitReady(String who, Path ready, Path log) {
    Await.until(
        who + " to be ready (see " + log + ")",
        Duration.ofSeconds(20),
        () -> Files.exists(ready) || !holder.lives());
    if (!Files.exists(ready)) {
      throw new LabFailure(
          "%s ended at once; the lab needs mounts and overlayfs%n%s"
              .formatted(who, LabFolder.tail(log)));
    }
  }

  /** True when its network has this device. */
  boolean hasDevice(String device) {
    return Argv.run(
            Duration.ofSeconds(5), inNetwork(List.of("ip", "-o", "link", "show", "dev", device)))
        .ok();
  }

  /** Pid of the holder, as the machine sees it. */
  public long pid() {
    return holder.pid();
  }

  /** Where a directory of the inside is seen from the machine, whatever is mounted on it. */
  public Path view(String directory) {
    return Path.of("/proc/" + pid() + "/root", directory);
  }

  /** Ends everything inside at once, like a power cut. */
  public void kill() {
    holder.kill();
  }

  /** The argument vector that runs a program inside all of these namespaces. */
  public List<String> inside(List<String> argv) {
    List<String> full =
        new ArrayList<>(
            List.of("nsenter", "-t", Long.toString(pid()), "-m", "-u", "-n", "-i", "-p", "--"));
    full.addAll(argv);
    return full;
  }

  /** The argument vector that runs a program of the machine in this network only. */
  public List<String> inNetwork(List<String> argv) {
    List<String> full = new ArrayList<>(List.of("nsenter", "-t", Long.toString(pid()), "-n", "--"));
    full.addAll(argv);
    return full;
  }

  /** Runs inside; {@link LabFailure} unless it ends with 0. */
  public String must(String... argv) {
    return Argv.must(Duration.ofSeconds(20), inside(List.of(argv)));
  }

  /** Starts a program inside that stays, and remembers it by its pid on the machine. */
  public RecordedProcess startInside(Path pidFile, Path log, List<String> argv) {
    List<String> full = new ArrayList<>(List.of("setsid"));
    full.addAll(inside(argv));
    long outer = spawn(full, log);
    Await.until(
        argv.getFirst() + " to start",
        Duration.ofSeconds(10),
        () ->
            !RecordedProcess.children(outer).isEmpty()
                || RecordedProcess.startTime(outer).isEmpty());
    List<Long> children = RecordedProcess.children(outer);
    if (children.isEmpty()) {
      throw new LabFailure("%s ended at once%n%s".formatted(argv.getFirst(), LabFolder.tail(log)));
    }
    return RecordedProcess.remember(pidFile, children.getFirst());
  }

  /** Pid on the machine of the process that calls itself by this pid inside. */
  public long outerPid(long inner) {
    return RecordedProcess.children(pid()).stream()
        .filter(child -> RecordedProcess.innerPid(child).filter(pid -> pid == inner).isPresent())
        .findFirst()
        .orElseThrow(() -> new LabFailure("no process " + inner + " in the namespaces"));
  }

  /** Starts a program that outlives this one; returns its pid. */
  public static long spawn(List<String> argv, Path log) {
    try {
      File file = log.toFile();
      LabFolder.makeParent(log);
      return new ProcessBuilder(argv)
          .redirectInput(new File("/dev/null"))
          .redirectOutput(ProcessBuilder.Redirect.appendTo(file))
          .redirectError(ProcessBuilder.Redirect.appendTo(file))
          .start()
          .pid();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
