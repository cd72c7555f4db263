package dev.godwit.lab.torture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.cli.client.ApiFailure;
import dev.godwit.lab.Virsh;
import dev.godwit.lab.demo.MigrationView;
import dev.godwit.lab.demo.MigrationView.WayOut;
import dev.godwit.lab.host.Argv;
import dev.godwit.lab.host.Await;
import dev.godwit.lab.host.LabFailure;
import dev.godwit.lab.host.LocalDisk;
import dev.godwit.lab.probe.DiskImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Does what an operator is told when a migration is held, and starts the guest again from its
 * disks: what is held must not be stuck.
 */
final class Operator {
  /** libvirt gives its own locks back after half a minute and more. */
  private static final Duration OVER = Duration.ofMinutes(3);

  private static final Duration STATUS = Duration.ofSeconds(60);
  private static final Duration LOOK_EACH = Duration.ofMillis(200);
  private static final int MOST_STEPS = 3;
  private static final String IMAGE = ".qcow2";

  private final Ground ground;

  Operator(Ground ground) {
    this.ground = ground;
  }

  /**
   * Ends what is held as it says; {@link LabFailure} when that does not end it.
   *
   * @return the newest record of each disk that was ruled for, when that was asked of a guest that
   *     is off
   */
  Map<String, Long> helps(TortureGuest guest, Lookout lookout) {
    Map<String, Long> ruledFor = Map.of();
    WayOut told = told(lookout);
    for (int step = 0; step < MOST_STEPS && !lookout.over(); step++) {
      WayOut did = told;
      if (!did.home().isEmpty()) {
        ruledFor = rule(guest, lookout.number(), did);
      } else if (!did.resume().isEmpty()) {
        virsh(did.resume(), "resume", guest);
      } else {
        endCopy(guest, lookout.number(), did);
      }
      Await.until(
          "the migration to be over, or to tell more, after " + did,
          OVER,
          LOOK_EACH,
          () -> lookout.over() || tellsMore(told(lookout), did));
      told = told(lookout);
    }
    if (!lookout.over()) {
      throw new LabFailure("it is held whatever is done as it says: " + why(lookout));
    }
    return ruledFor;
  }

  private static WayOut told(Lookout lookout) {
    return lookout.shown().map(MigrationView::wayOut).orElse(WayOut.NONE);
  }

  private static boolean tellsMore(WayOut now, WayOut did) {
    return !now.none() && !now.equals(did);
  }

  private static String why(Lookout lookout) {
    return lookout.shown().flatMap(MigrationView::why).orElse("nothing");
  }

  private void endCopy(TortureGuest guest, long migration, WayOut told) {
    if (told.end().isEmpty()) {
      throw new LabFailure("migration %d is held, and names no way out".formatted(migration));
    }
    // One that hangs is killed by libvirt all the same, which then calls it "not running".
    virsh(told.end(), "destroy", guest);
  }

  private void virsh(List<String> hosts, String act, TortureGuest guest) {
    var _ = new Virsh(ground.lab().host(hosts.getFirst())).run(OVER, act, guest.id());
  }

  private Map<String, Long> rule(TortureGuest guest, long migration, WayOut told) {
    String home = newest(guest, told.home());
    Map<String, Long> records = runs(guest) ? Map.of() : records(guest, home);
    JsonNode _ =
        ground
            .api()
            .post(
                "/godwit/v1/migrations/%d/ruling".formatted(migration),
                ground
                    .api()
                    .object()
                    .put("home", home)
                    .put("reason", "its disks there were written last"));
    return records;
  }

  private Map<String, Long> records(TortureGuest guest, String home) {
    return images(guest, home).stream()
        .collect(
            Collectors.toUnmodifiableMap(
                Operator::disk, image -> new DiskImage(image).newestRecord()));
  }

  /** The host on which a guest's local disks were written last. */
  private String newest(TortureGuest guest, List<String> hosts) {
    return hosts.stream()
        .max(
            Comparator.comparing(host ->
                images(guest, host).stream()
                    .map(Operator::time)
                    .max(Comparator.naturalOrder())
                    .orElse(FileTime.fromMillis(0))))
        .orElseThrow();
  }

  private List<Path> images(TortureGuest guest, String host) {
    Path tree = new LocalDisk(ground.lab().host(host)).outside();
    try (Stream<Path> files = Files.walk(tree)) {
      return files
          .filter(file -> file.toString().contains("/" + guest.id() + "/"))
          .filter(file -> file.getFileName().toString().endsWith(IMAGE))
          .toList();
    } catch (IOException e) {
      throw new LabFailure(tree + ": " + e);
    }
  }

  /** Images are called after the disks. */
  private static String disk(Path image) {
    String name = image.getFileName().toString();
    return name.substring(0, name.length() - IMAGE.length());
  }

  private static FileTime time(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new LabFailure(file + ": " + e);
    }
  }

  /** Lets a guest run on that QEMU stopped for want of room, when there is room again. */
  void letRunOn(TortureGuest guest) {
    for (String host : Ground.HOSTS) {
      Virsh virsh = new Virsh(ground.lab().host(host));
      Argv.Result state = virsh.run(OVER, "domstate", "--reason", guest.id());
      if (state.ok() && state.out().contains("I/O error")) {
        virsh(List.of(host), "resume", guest);
      }
    }
  }

  /** Starts the guest from its disks, where its record says that it is. */
  void startAgain(TortureGuest guest) {
    if (runs(guest)) {
      // It was ruled that this copy is the guest.
      await(guest, "ACTIVE");
      ask(guest, "os-stop");
    }
    await(guest, "SHUTOFF");
    ask(guest, "os-start");
    await(guest, "ACTIVE");
    guest.awaitReady();
  }

  private boolean runs(TortureGuest guest) {
    return Ground.HOSTS.stream().anyMatch(host -> ground.runs(host, guest));
  }

  private void ask(TortureGuest guest, String act) {
    ObjectNode body = ground.api().object();
    body.putNull(act);
    JsonNode _ = ground.api().post("/v2.1/servers/" + guest.id() + "/action", body);
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
          "the guest: expected status %s, found %s (%s); of what was asked of it last: %s"
              .formatted(status, last[0], e.getMessage(), asked(guest)));
    }
  }

  private String asked(TortureGuest guest) {
    try {
      String actions = "/v2.1/servers/" + guest.id() + "/os-instance-actions";
      String request =
          ground.api().get(actions).at("/instanceActions/0/request_id").asText("nothing");
      return ground.api().get(actions + "/" + request).path("instanceAction").toString();
    } catch (ApiFailure e) {
      return String.valueOf(e.getMessage());
    }
  }
}
