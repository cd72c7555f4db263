package dev.godwit.lab.torture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.cli.client.ApiFailure;
import dev.godwit.lab.Virsh;
import dev.godwit.lab.demo.MigrationView;
import dev.godwit.lab.host.Await;
import dev.godwit.lab.host.LabFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Does what an operator is told when a migration is held, and starts the guest again from its
 * disks: what is held must not be stuck.
 */
final class WayOut {
  private static final Pattern DESTROY = Pattern.compile("'virsh destroy (\\S+)' on ([\\w-]+)");

  /** libvirt gives its own locks back after half a minute and more. */
  private static final Duration OVER = Duration.ofMinutes(3);

  private static final Duration STATUS = Duration.ofSeconds(60);
  private static final Duration LOOK_EACH = Duration.ofMillis(200);
  private static final int MOST_STEPS = 3;

  private final Ground ground;

  WayOut(Ground ground) {
    this.ground = ground;
  }

  /** Ends what is held as its text says; {@link LabFailure} when that does not end it. */
  void go(Lookout lookout, String why) {
    String told = why;
    for (int step = 0; step < MOST_STEPS && !lookout.over(); step++) {
      String word = destroy(told);
      Await.until(
          "the migration to be over, or to tell more, after " + word,
          OVER,
          LOOK_EACH,
          () -> lookout.over() || more(lookout, word).isPresent());
      told = more(lookout, word).orElse(told);
    }
    if (!lookout.over()) {
      throw new LabFailure("it is held whatever is done as it says; at last it says: " + told);
    }
  }

  /** What was told to do. */
  private String destroy(String told) {
    Matcher destroy = DESTROY.matcher(told);
    if (!destroy.find()) {
      throw new LabFailure("it is held, and names no way out: " + told);
    }
    // One that hangs is killed by libvirt all the same, which then calls it "not running".
    var _ = new Virsh(ground.lab().host(destroy.group(2))).run(OVER, "destroy", destroy.group(1));
    return destroy.group();
  }

  /** Another thing to do. */
  private static Optional<String> more(Lookout lookout, String done) {
    return lookout
        .shown()
        .flatMap(MigrationView::why)
        .filter(why -> DESTROY.matcher(why).find() && !why.contains(done));
  }

  /** Starts the guest from its disks, where its record says that it is. */
  void startAgain(TortureGuest guest) {
    await(guest, "SHUTOFF");
    ObjectNode start = ground.api().object();
    start.putNull("os-start");
    JsonNode _ = ground.api().post("/v2.1/servers/" + guest.id() + "/action", start);
    await(guest, "ACTIVE");
    guest.awaitReady();
  }

  private void await(TortureGuest guest, String status) {
    String[] last = {"nothing"};
    try {
      Await.until(
          "the guest's status",
          STATUS,
          LOOK_EACH,
          () -> {
            last[0] = ground.api().get("/v2.1/servers/" + guest.id()).at("/server/status").asText();
            return last[0].equals(status);
          });
    } catch (LabFailure | ApiFailure e) {
      throw new LabFailure(
          "the guest: expected status %s, found %s (%s)"
              .formatted(status, last[0], e.getMessage()));
    }
  }
}
