package dev.godwit.lab.torture;

import dev.godwit.lab.Lab;
import dev.godwit.lab.demo.Curtain;
import dev.godwit.lab.host.LabFailure;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** godwit torture: whatever can break, broken at every moment of real moves. */
@Command(
    name = "torture",
    mixinStandardHelpOptions = true,
    description =
        "Move real guests, and kill, freeze, cut or fill something at every moment: server, agents,"
            + " libvirtds, the incoming QEMU, links, a disk. After each case look from outside"
            + " whether the guest runs once, lost nothing, and nothing is left. On a lab of its"
            + " own. Exit code 0 only if no case ended wrong, none more than five seconds late"
            + " (slow), and each was struck at its moment; of a dozen broken post-copies at least"
            + " one has to be recovered.")
public final class TortureCommand implements Callable<Integer> {
  private static final int MOST_ROUNDS = 1000;

  @Option(
      names = "--folder",
      description = "The lab's folder. Default: $$GODWIT_LAB or /var/lib/godwit/lab.")
  Path folder = Lab.defaultFolder();

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "WORD",
      description =
          "Only cases whose names have all of these words, as in --only copied,server,COMMIT; names"
              + " are storage/way/victim/harm/moment.")
  List<String> only = new ArrayList<>();

  @Option(names = "--short", description = "A selection of the most dangerous cases.")
  boolean selection;

  @Option(
      names = "--rounds",
      defaultValue = "1",
      paramLabel = "N",
      description = "How often all of it is done. Default: ${DEFAULT-VALUE}.")
  int rounds;

  @Option(
      names = "--lockd",
      description =
          "With libvirt's lock manager on the hosts. Without it libvirt makes splits, which Godwit"
              + " has to end.")
  boolean lockd;

  @Option(
      names = "--strict",
      description =
          "With a strict hand-over: the guest is resumed only when its source was proven gone."
              + " Without post-copy, which goes only with a fast one.")
  boolean strict;

  @Option(names = "--list", description = "Only print the names of the cases.")
  boolean list;

  @Option(names = "--json", description = "One JSON object a line, for programs.")
  boolean json;

  @Option(
      names = "--stories",
      description = "Tell the story of every case, not only of those that ended wrong.")
  boolean stories;

  @Option(
      names = "--results",
      paramLabel = "FILE",
      description =
          "Keep there what each case came to, one JSON object a line, and leave out those that it"
              + " has, unless they ended wrong or were missed. With --strict or --lockd they are"
              + " others.")
  @Nullable Path results;

  @Option(
      names = "--write-docs",
      paramLabel = "FILE",
      description = "Write the results as a page, as docs/reliability.md is.")
  @Nullable Path page;

  private final PrintStream out = System.out;

  @Override
  public Integer call() {
    Results known = results == null ? Results.ofOneRun() : Results.in(results);
    List<Case> cases = cases(known);
    if (list) {
      cases.forEach(it -> out.println(it.name()));
      return 0;
    }
    try (Curtain curtain = new Curtain();
        Ground ground = new Ground(Lab.at(folder), mode())) {
      return curtain.guard(() -> run(ground, cases, known));
    }
  }

  private int run(Ground ground, List<Case> cases, Results results) {
    Teller teller = json ? new JsonLines(out) : new Lines(out);
    Summary summary = new Torture(ground, stories, teller).run(cases, results);
    if (page != null) {
      new ReliabilityPage(words(), summary.setting()).write(page, results.all());
    }
    return summary.well() ? 0 : 1;
  }

  private Mode mode() {
    return Mode.of(strict, lockd);
  }

  /** What makes the same cases anywhere. */
  private String words() {
    StringBuilder words = new StringBuilder("./godwit torture");
    if (selection) {
      words.append(" --short");
    }
    if (!only.isEmpty()) {
      words.append(" --only ").append(String.join(",", only));
    }
    if (lockd) {
      words.append(" --lockd");
    }
    if (strict) {
      words.append(" --strict");
    }
    if (rounds > 1) {
      words.append(" --rounds ").append(rounds);
    }
    return words.toString();
  }

  private List<Case> cases(Results known) {
    if (rounds < 1 || rounds > MOST_ROUNDS) {
      throw LabFailure.usage("--rounds: expected 1 to %d, found %d".formatted(MOST_ROUNDS, rounds));
    }
    if (rounds > 1 && results != null) {
      throw LabFailure.usage(
          "--rounds: expected none with --results, which keeps one result of each case; found %d"
              .formatted(rounds));
    }
    Matrix matrix = new Matrix(mode());
    List<Case> wanted =
        (selection ? new Selection().cases() : matrix.all())
            .stream().filter(it -> it.has(only)).filter(it -> mode().has(it.way())).toList();
    if (wanted.isEmpty()) {
      throw LabFailure.usage(
          "--only: expected words of cases' names, found %s, which no case has; see them with --list"
              .formatted(String.join(",", only)));
    }
    List<Case> once =
        matrix.measured(wanted.stream().filter(it -> !known.settles(it, mode())).toList());
    List<Case> all = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      all.addAll(once);
    }
    return all;
  }
}
