package dev.godwit.simulation;

import dev.godwit.core.migration.Rules;
import dev.godwit.simulation.world.Broken;
import dev.godwit.simulation.world.History;
import dev.godwit.simulation.world.Shrink;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code godwit simulate}. */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    description =
        "Live histories of the whole system in simulated time: the real server and agents, with"
            + " processes killed and frozen, links cut, messages lost, databases and hosts failing."
            + " One seed is one history. Exit code 1 when a promise was broken.")
public final class SimulateCommand implements Callable<Integer> {
  private static final int REPORT_EACH = 1_000;

  @Option(names = "--seeds", paramLabel = "N", description = "How many histories. Default: 1000.")
  long seeds = 1_000;

  @Option(names = "--from", paramLabel = "S", description = "The first seed. Default: 1.")
  long from = 1;

  @Option(names = "--seed", paramLabel = "S", description = "Only this one.")
  Optional<Long> seed = Optional.empty();

  @Option(names = "--story", description = "Tell the whole story of that one.")
  boolean story;

  @Option(names = "--log", description = "Write the servers' and agents' log to stderr, too.")
  boolean log;

  @Spec CommandSpec spec;

  private final Runnable silence;
  private final Rules rules;

  /**
   * The command.
   *
   * @param silence ends the log of this process
   */
  public SimulateCommand(Runnable silence) {
    this(silence, Rules.PRODUCTION);
  }

  /** The same by rules that may be broken. */
  SimulateCommand(Runnable silence, Rules rules) {
    this.silence = silence;
    this.rules = rules;
  }

  @Override
  public Integer call() {
    if (!log) {
      silence.run();
    }
    PrintWriter out = spec.commandLine().getOut();
    return seed.isPresent() ? one(seed.get(), out) : many(out);
  }

  private int many(PrintWriter out) {
    Seeds all = new Seeds(rules);
    all.live(
        from,
        seeds,
        lived -> {
          if (lived % REPORT_EACH == 0) {
            out.printf("%,d histories, %d wrong%n", lived, all.wrong().size());
          }
        });
    out.println("Faults by the phase in which a move felt them first:");
    out.println(all.coverage().table());
    all.wrong().forEach(it -> tell(it, out));
    out.printf(
        "%,d histories from seed %d: %,d wrong, %,d held for an operator as documented%n",
        all.lived(), from, all.wrong().size(), all.held());
    return all.wrong().isEmpty() ? 0 : 1;
  }

  private int one(long which, PrintWriter out) {
    History.Outcome outcome = Seeds.live(which, rules);
    if (story) {
      outcome.story().forEach(out::println);
    }
    tell(outcome.wrong() ? new Shrink(rules).of(outcome) : outcome, out);
    return outcome.wrong() ? 1 : 0;
  }

  private static void tell(History.Outcome outcome, PrintWriter out) {
    out.printf("%nseed %d: %s%n", outcome.scenario().seed(), verdict(outcome));
    out.println("  " + outcome.scenario());
    if (outcome.wrong()) {
      outcome.brief().forEach(line -> out.println("  " + line));
    }
  }

  private static String verdict(History.Outcome outcome) {
    return outcome.wrong()
        ? outcome.broken().stream().map(Broken::how).collect(Collectors.joining("; "))
        : "ended well" + (outcome.held() ? ", held for an operator" : "");
  }
}
