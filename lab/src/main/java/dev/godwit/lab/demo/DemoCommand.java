package dev.godwit.lab.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.cli.client.ApiFailure;
import dev.godwit.lab.Lab;
import dev.godwit.lab.host.LabFailure;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** godwit demo: real moves of a real guest, shown live and proved. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description =
        "Move a running guest between real hypervisor hosts on this machine, watched from outside: there and"
            + " back with shared storage, there and back copying its disk, and once called off half way."
            + " Exit code 0 only if nothing was lost and nothing was left behind.")
public final class DemoCommand implements Callable<Integer> {
  @Option(
      names = "--folder",
      description = "The lab's folder. Default: $$GODWIT_LAB or /var/lib/godwit/lab.")
  Path folder = Lab.defaultFolder();

  @Option(names = "--json", description = "Print one JSON object, for programs.")
  boolean json;

  @Option(names = "--keep", description = "Leave the lab and its guests running.")
  boolean keep;

  @Option(
      names = "--hosts",
      defaultValue = "2",
      paramLabel = "N",
      description = "How many hosts the guests visit (2 to 9). Default: ${DEFAULT-VALUE}.")
  int hosts;

  @Option(names = "--tls", description = "libvirt and QEMU use certificates.")
  boolean tls;

  private final PrintStream out = System.out;
  private final Show show =
      new Show(
          System.err,
          Optional.ofNullable(System.console()).map(java.io.Console::isTerminal).orElse(false));

  @Override
  public Integer call() throws JsonProcessingException {
    if (hosts < 2 || hosts > 9) {
      throw new IllegalArgumentException("--hosts: expected 2 to 9, found " + hosts);
    }
    Lab lab = Lab.at(folder);
    try (Curtain curtain = new Curtain();
        Stage stage = Stage.at(lab, Demo.MAKER, keep)) {
      return curtain.guard(() -> play(lab, stage));
    }
  }

  private int play(Lab lab, Stage stage) throws JsonProcessingException {
    long began = System.nanoTime();
    show.say(stage.reused() ? "The lab is up already; it stays." : "Starting a lab of real hosts…");
    List<MoveReport> moves = List.of();
    boolean well = false;
    try {
      stage.raise(hosts, tls);
      Demo demo = new Demo(lab, stage.api(), show, hosts);
      try {
        demo.run();
      } finally {
        moves = demo.moves();
      }
      well = demo.well();
      tell(moves, well, null);
    } catch (ApiFailure e) {
      fail(moves, "%s; look into %s".formatted(e.getMessage(), lab.folder().resolve("log")));
    } catch (LabFailure e) {
      fail(moves, String.valueOf(e.getMessage()));
    }
    show.say(
        "%s after %.0f s.%s"
            .formatted(
                well ? "All is well" : "NOT all is well",
                (System.nanoTime() - began) / 1e9,
                keep ? "" : " Cleaning up…"));
    if (keep) {
      howToGoOn(lab);
    }
    return well ? 0 : 1;
  }

  private void fail(List<MoveReport> moves, String why) throws JsonProcessingException {
    show.say("godwit demo: " + why);
    tell(moves, false, why);
  }

  private void tell(List<MoveReport> moves, boolean well, @Nullable String error)
      throws JsonProcessingException {
    if (!json) {
      MoveTable.lines(moves).forEach(out::println);
      return;
    }
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode told = mapper.createObjectNode();
    told.set("moves", mapper.valueToTree(moves));
    told.put("ok", well);
    if (error != null) {
      told.put("error", error);
    }
    out.println(mapper.writeValueAsString(told));
  }

  private void howToGoOn(Lab lab) {
    String where = folder.equals(Path.of("/var/lib/godwit/lab")) ? "" : " --folder " + folder;
    show.say(
        """
        The lab and both guests go on running. For example:
          export GODWIT_URL=%1$s GODWIT_TOKEN_FILE=%2$s
          ./godwit vm list
          ./godwit migrate demo-local --to h2 --follow
          ./godwit lab status%3$s
          ./godwit lab exec%3$s h1 -- virsh list
          ./godwit lab down%3$s\
        """
            .formatted(lab.api(), lab.tokenFile(), where));
  }
}
