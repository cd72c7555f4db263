package dev.godwit.lab.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.cli.client.ApiFailure;
import dev.godwit.lab.Lab;
import dev.godwit.lab.demo.Curtain;
import dev.godwit.lab.demo.Stage;
import dev.godwit.lab.host.LabFailure;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** godwit bench: Godwit beside the bare tools. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measure Godwit beside the bare tools, on the lab.")
public final class BenchCommand {
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;

  @Command(
      name = "migrate",
      mixinStandardHelpOptions = true,
      description =
          "The same idle guest without a disk, between the same two hosts, in turn: bare 'virsh migrate --live"
              + " --p2p --persistent --undefinesource', and the move through Godwit's API. Medians, and"
              + " the ratio pair by pair.")
  int migrate(
      @Option(names = "--folder", description = "The lab's folder.") Path folder,
      @Option(
              names = "--runs",
              defaultValue = "10",
              paramLabel = "N",
              description = "How many pairs of moves. Default: ${DEFAULT-VALUE}.")
          int runs,
      @Option(
              names = "--memory",
              defaultValue = "256",
              paramLabel = "MIB",
              description =
                  "The guest's memory: 64, 96, 128, 256 or 512. Default: ${DEFAULT-VALUE}.")
          int memoryMib,
      @Option(names = "--tls", description = "libvirt and QEMU use certificates.") boolean tls,
      @Option(names = "--json", description = "Print one JSON object, for programs.") boolean json)
      throws JsonProcessingException {
    if (runs < 1 || runs > 1000) {
      throw new IllegalArgumentException("--runs: expected 1 to 1000, found " + runs);
    }
    if (!List.of(64, 96, 128, 256, 512).contains(memoryMib)) {
      throw new IllegalArgumentException(
          "--memory: expected 64, 96, 128, 256 or 512, found " + memoryMib);
    }
    Lab lab = Lab.at(folder == null ? Lab.defaultFolder() : folder);
    try (Curtain curtain = new Curtain();
        Stage stage = Stage.at(lab, MigrateBench.MAKER, false)) {
      return curtain.guard(() -> {
        stage.raise(2, tls);
        return measure(lab, stage, new Question(runs, memoryMib, json));
      });
    } catch (ApiFailure e) {
      throw new LabFailure(e.getMessage() + "; look into " + lab.folder().resolve("log"));
    }
  }

  private record Question(int runs, int memoryMib, boolean json) {}

  private int measure(Lab lab, Stage stage, Question question) throws JsonProcessingException {
    MachineLoad before = MachineLoad.now();
    List<Pair> pairs;
    try (MigrateBench bench = new MigrateBench(lab, stage.api(), question.memoryMib())) {
      before = MachineLoad.now();
      pairs = bench.run(question.runs(), this::tell);
    }
    MachineLoad.Span load = MachineLoad.now().since(before);
    Medians medians = Medians.of(pairs);
    if (question.json()) {
      ObjectMapper mapper = new ObjectMapper();
      ObjectNode told = mapper.createObjectNode().put("memory_mib", question.memoryMib());
      told.set("machine", mapper.valueToTree(load));
      told.set("pairs", mapper.valueToTree(pairs));
      told.set("medians", mapper.valueToTree(medians));
      out.println(mapper.writeValueAsString(told));
    } else {
      summary(question, medians, load);
    }
    return 0;
  }

  private void tell(Pair pair) {
    err.printf(
        "  %s → %s  virsh %6.0f ms (guest runs at %.0f)   godwit %6.0f ms (posted %.0f, copy from %.0f, guest runs"
            + " at %.0f, committed +%.0f)   ratio %.2f%n",
        pair.from(),
        pair.to(),
        pair.virshMs(),
        pair.virshRunningMs(),
        pair.completedMs(),
        pair.postMs(),
        pair.transferMs(),
        pair.runningMs(),
        pair.commitLagMs(),
        pair.ratio());
  }

  private void summary(Question question, Medians medians, MachineLoad.Span load) {
    out.printf(
        "Medians of %d pairs, idle guest of %d MiB without a disk; machine %d %% idle, %d %% stolen:%n",
        question.runs(), question.memoryMib(), load.idlePercent(), load.stealPercent());
    out.printf(
        "  virsh   %5.0f ms in all; the guest runs at %.0f, the command returns %.0f ms after that; pause %.0f ms%n",
        medians.virsh(), medians.virshRunning(), medians.virshReturnLag(), medians.virshPause());
    out.printf(
        "  godwit  %5.0f ms in all; posted %.0f, copy from %.0f, the guest runs at %.0f, pause %.0f ms%n",
        medians.completed(),
        medians.post(),
        medians.transfer(),
        medians.running(),
        medians.pause());
    out.printf(
        "  ratio %.3f (%+.0f ms): %s;  committed %.0f ms after the guest runs: %s"
            + " (of these libvirt's own job takes %.0f, measured in virsh's moves)%n",
        medians.ratio(),
        medians.more(),
        medians.wholeMoveOk() ? "within 1.10 or 150 ms" : "MORE than 1.10 and 150 ms",
        medians.commitLag(),
        medians.commitOk() ? "within 20 ms" : "MORE than 20 ms",
        medians.jobOverLag());
  }
}
