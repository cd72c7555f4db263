package dev.godwit.lab.torture;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.cli.client.ApiClient;
import dev.godwit.cli.client.ApiFailure;
import dev.godwit.lab.Lab;
import dev.godwit.lab.LabOptions;
import dev.godwit.lab.Leftovers;
import dev.godwit.lab.Virsh;
import dev.godwit.lab.demo.DemoGuest;
import dev.godwit.lab.demo.DemoGuests;
import dev.godwit.lab.host.Addresses;
import dev.godwit.lab.host.Await;
import dev.godwit.lab.host.LabFailure;
import dev.godwit.lab.host.LabFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The lab of the torture, of two hosts and one guest; it is the torture's own. */
final class Ground implements AutoCloseable {
  static final List<String> HOSTS = List.of("h1", "h2");
  private static final String MAKER = "godwit torture";
  private static final Duration CALL = Duration.ofSeconds(10);
  private static final Duration HOSTS_UP = Duration.ofMinutes(2);
  private static final Duration LOOK_EACH = Duration.ofMillis(100);
  private static final int MEMORY_MIB = 96;
  private static final int DISK_MIB = 32;
  private static final int FIRST_ADDRESS = 121;

  private final Lab lab;
  private final Map<Storage, TortureGuest> guests = new EnumMap<>(Storage.class);
  private final Mode mode;
  private boolean postCopy;

  /** {@link LabFailure} when a lab runs there: it would not survive. */
  Ground(Lab lab, Mode mode) {
    this.mode = mode;
    if (lab.running()) {
      throw LabFailure.conflict(
          "%s: expected no running lab, for it would be tortured; found one. Name another folder with --folder, or: godwit lab down"
              .formatted(lab.folder()));
    }
    this.lab = lab;
  }

  Lab lab() {
    return lab;
  }

  ApiClient api() {
    String token =
        LabFolder.read(lab.tokenFile())
            .map(String::strip)
            .orElseThrow(() -> new LabFailure("the lab's server left no token"));
    return new ApiClient(List.of(lab.api()), token, CALL);
  }

  Mode mode() {
    return mode;
  }

  Path database() {
    return lab.folder().resolve("server/godwit.db");
  }

  /** Brings up the lab; its guest is made when it is asked for. */
  void raise() {
    lab.up(mode.lockd() ? LabOptions.DEFAULT.withLockd() : LabOptions.DEFAULT);
    postCopy = false;
    if (mode.strict()) {
      option("hand_over = \"strict\"", true);
    }
  }

  /** A lab in which a case ended wrong is no place for the next one. */
  void renew() {
    fell();
    raise();
  }

  /** The one guest that there is: another one would only take from the machine. */
  TortureGuest guest(Storage storage) {
    Optional<TortureGuest> there = Optional.ofNullable(guests.get(storage));
    if (there.isPresent()) {
      return there.get();
    }
    DemoGuests maker = new DemoGuests(api(), MAKER);
    dismiss(maker);
    DemoGuest guest =
        maker.create(
            new DemoGuests.Wish(
                "torture-" + storage.word(),
                HOSTS.getFirst(),
                MEMORY_MIB,
                DISK_MIB,
                Optional.of(storage.directory()),
                Addresses.guest(FIRST_ADDRESS + storage.ordinal())));
    maker.awaitActive(guest);
    TortureGuest made = new TortureGuest(guest, lab.neighbour());
    guests.put(storage, made);
    return made;
  }

  private void dismiss(DemoGuests maker) {
    guests.values().forEach(TortureGuest::close);
    guests.clear();
    List<String> troubles = maker.deleteAll();
    if (!troubles.isEmpty()) {
      throw new LabFailure(String.join("; ", troubles));
    }
  }

  /** The one host on which libvirt says that it runs. */
  String home(TortureGuest guest) {
    List<String> running = HOSTS.stream().filter(host -> runs(host, guest)).toList();
    if (running.size() != 1) {
      throw new LabFailure(
          "%s: expected it to run on one host, found %s".formatted(guest.guest().name(), running));
    }
    return running.getFirst();
  }

  /**
   * Has the guest start with its host or not, as its operator would. Looked at before each case,
   * for the one before may have ended anyhow.
   */
  void startWithHost(TortureGuest guest, String home, boolean wanted) {
    Virsh virsh = new Virsh(lab.host(home));
    if (virsh.startingWithHost().contains(guest.id()) != wanted) {
      var _ =
          wanted
              ? virsh.must("autostart", guest.id())
              : virsh.must("autostart", "--disable", guest.id());
    }
  }

  boolean runs(String host, TortureGuest guest) {
    return new Virsh(lab.host(host))
        .guests().stream()
            .anyMatch(it -> it.uuid().equals(guest.id()) && it.state().equals("running"));
  }

  /** True when everything runs, each guest on one host, and nothing is left on the other. */
  boolean sound() {
    mend();
    Leftovers leftovers = new Leftovers(lab);
    return guests.values().stream()
        .allMatch(guest -> {
          String home = home(guest);
          return leftovers.on(other(home), guest.domain()).isEmpty()
              && leftovers.atHome(home, guest.domain()).isEmpty();
        });
  }

  static String other(String host) {
    return HOSTS.stream().filter(it -> !it.equals(host)).findFirst().orElseThrow();
  }

  /** Starts whatever does not run, and waits until the server hears both hosts. */
  void mend() {
    lab.heal();
    boolean all =
        lab.process("server", "server").isPresent()
            && HOSTS.stream()
                .allMatch(host ->
                    lab.process(host, "agent").isPresent()
                        && lab.process(host, "libvirtd").isPresent());
    if (!all) {
      for (String host : HOSTS) {
        lab.start(host, "libvirtd");
        lab.start(host, "agent");
      }
      lab.start("server", "server");
    }
    Await.until("both hosts to be heard", HOSTS_UP, LOOK_EACH, () -> heard(Instant.MIN));
  }

  /** Both are up, and were heard since then: what was heard before a restart is soon too old. */
  private boolean heard(Instant since) {
    try {
      int up = 0;
      for (JsonNode host : api().get("/godwit/v1/hosts").path("hosts")) {
        boolean fresh = Instant.parse(host.path("seen_at").asText()).isAfter(since);
        up += fresh && host.path("up").booleanValue() ? 1 : 0;
      }
      return up == HOSTS.size();
    } catch (ApiFailure notNow) {
      return false;
    }
  }

  /** Has the server permit post-copy or not; it is restarted when that is another than before. */
  void permitPostCopy(boolean permit) {
    if (permit == postCopy) {
      return;
    }
    option("live_migration_permit_post_copy = true", permit);
    postCopy = permit;
  }

  /** A line of the server's configuration, with which it is started again, or without. */
  private void option(String line, boolean with) {
    Path file = lab.folder().resolve("server/server.toml");
    String option = "[libvirt]\n" + line + "\n";
    String text = LabFolder.read(file).orElse("");
    LabFolder.write(
        file, with ? text.replace("[libvirt]\n", option) : text.replace(option, "[libvirt]\n"));
    lab.kill("server", "server");
    Instant killed = Instant.now();
    lab.start("server", "server");
    mend();
    Await.until("both hosts to be heard again", HOSTS_UP, LOOK_EACH, () -> heard(killed));
  }

  private void fell() {
    guests.values().forEach(TortureGuest::close);
    guests.clear();
    var _ = lab.down();
  }

  @Override
  public void close() {
    fell();
  }
}
