package dev.godwit.lab.probe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.lab.host.Argv;
import dev.godwit.lab.host.LabFailure;
import dev.godwit.lab.host.LabFolder;
import dev.godwit.lab.host.Namespaces;
import java.time.Duration;
import java.util.List;

/** Stands on the guests' network, beside the switch, and has nothing to do with Godwit. */
public final class Neighbour {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration ASK = Duration.ofSeconds(40);

  private final LabFolder folder;
  private final Namespaces space;

  public Neighbour(LabFolder folder, Namespaces space) {
    this.folder = folder;
    this.space = space;
  }

  /** Begins to watch a guest by an echo every so often, and by its counter. */
  public Watch watch(String address, Duration interval) {
    return new Watch(address, probe("watch", address, Long.toString(interval.toMillis())));
  }

  /** What the guest reads back from its disks. */
  public DiskRecords records(String address) {
    return DiskRecords.of(ask(address, "records"));
  }

  /** Has the guest write this much memory over and over; 0 and 0 stop it. */
  public void dirty(String address, int mebibytes, int pagesPerSecond) {
    ask(address, "dirty %d %d".formatted(mebibytes, pagesPerSecond));
  }

  /** One command of the lab guest; {@link LabFailure} when it does not answer. */
  public JsonNode ask(String address, String words) {
    Argv.Result result = Argv.run(ASK, probe("ask", address, words));
    if (!result.ok()) {
      throw new LabFailure("the guest was asked '%s': %s".formatted(words, result.err().strip()));
    }
    try {
      JsonNode answer = JSON.readTree(result.out());
      if (answer.has("error")) {
        throw new LabFailure("the guest was asked '%s': %s".formatted(words, result.out().strip()));
      }
      return answer;
    } catch (JsonProcessingException e) {
      throw new LabFailure(
          "the guest was asked '%s'; expected JSON, found: %s".formatted(words, result.out()));
    }
  }

  private List<String> probe(String verb, String address, String word) {
    return space.inside(List.of(ProbeProgram.program(folder).toString(), verb, address, word));
  }
}
