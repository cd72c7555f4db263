package dev.godwit.lab.demo;

import dev.godwit.lab.Lab;
import dev.godwit.lab.Virsh;
import dev.godwit.lab.host.Argv;
import dev.godwit.lab.host.LabFailure;
import dev.godwit.lab.host.LabHost;
import dev.godwit.lab.probe.Watch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What is seen of a guest that does not answer: for whoever looks into it afterwards. */
final class Whereabouts {
  private static final Duration LOOK = Duration.ofSeconds(15);

  private final Lab lab;

  Whereabouts(Lab lab) {
    this.lab = lab;
  }

  String of(DemoGuest guest, Watch watch) {
    List<String> seen = new ArrayList<>();
    for (LabHost host : lab.hosts()) {
      Argv.Result state = new Virsh(host).run(LOOK, "domstate", "--reason", guest.id());
      seen.add(
          "%s says %s".formatted(host.name(), state.ok() ? state.out().strip() : "no such domain"));
    }
    try {
      seen.add("the neighbour says " + watch.report());
    } catch (LabFailure e) {
      seen.add(e.getMessage());
    }
    return guest.name() + ": " + String.join("; ", seen);
  }
}
