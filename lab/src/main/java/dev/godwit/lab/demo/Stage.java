package dev.godwit.lab.demo;

import dev.godwit.cli.client.ApiClient;
import dev.godwit.lab.Lab;
import dev.godwit.lab.LabOptions;
import dev.godwit.lab.host.LabFailure;
import dev.godwit.lab.host.LabFolder;
import java.util.List;

/** The lab on which something is shown: one that was up stays up, one that was not goes again. */
public final class Stage implements AutoCloseable {
  private final Lab lab;
  private final String maker;
  private final boolean wasUp;
  private final boolean keep;

  private Stage(Lab lab, String maker, boolean wasUp, boolean keep) {
    this.lab = lab;
    this.maker = maker;
    this.wasUp = wasUp;
    this.keep = keep;
  }

  /**
   * The stage as it is now; nothing is started yet.
   *
   * @param maker whose guests are removed at the end
   * @param keep everything is left as it is at the end
   */
  public static Stage at(Lab lab, String maker, boolean keep) {
    return new Stage(lab, maker, lab.running(), keep);
  }

  /** True when the lab was up before. */
  public boolean reused() {
    return wasUp;
  }

  /** Brings the lab up, or what is missing of it; guests of an earlier, broken show are removed. */
  public void raise(int hosts, boolean tls) {
    lab.up(new LabOptions(hosts, tls || lab.runsWithTls(), true));
    if (wasUp) {
      List<String> troubles = new DemoGuests(api(), maker).deleteAll();
      if (!troubles.isEmpty()) {
        throw new LabFailure(
            "guests of an earlier run are in the way: " + String.join("; ", troubles));
      }
    }
  }

  /** The lab's API, with its admin's token. */
  public ApiClient api() {
    String token =
        LabFolder.read(lab.tokenFile())
            .map(String::strip)
            .orElseThrow(
                () -> new LabFailure("the lab's server left no token in " + lab.tokenFile()));
    return new ApiClient(lab.api(), token);
  }

  /** Leaves the machine as it was found. */
  @Override
  public void close() {
    if (keep) {
      return;
    }
    if (!wasUp) {
      var _ = lab.down();
      return;
    }
    if (lab.process("server", "server").isPresent()) {
      List<String> troubles = new DemoGuests(api(), maker).deleteAll();
      if (!troubles.isEmpty()) {
        throw new LabFailure(
            "the lab was up before and stays, but: %s; look with: godwit lab status"
                .formatted(String.join("; ", troubles)));
      }
    }
  }
}
