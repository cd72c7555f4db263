package dev.godwit.app.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.cli.client.ApiClient;
import dev.godwit.cli.client.ApiFailure;
import dev.godwit.lab.Lab;
import dev.godwit.lab.LabOptions;
import dev.godwit.lab.Leftovers;
import dev.godwit.lab.Virsh;
import dev.godwit.lab.host.Argv;
import dev.godwit.lab.host.Await;
import dev.godwit.lab.host.LabFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A lab with Godwit on it, for the tests of one JVM, and what they ask it. */
final class RealLab implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofSeconds(20);

  private final Path folder;
  private final Lab lab;
  private final LabOptions options;
  private int guests;
  private String asked = "server";

  RealLab(LabOptions options) {
    try {
      this.folder = Files.createTempDirectory("godwit-real-lab");
      // PostgreSQL's user has a folder below it.
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.options = options;
    this.lab = Lab.at(folder.resolve("lab"));
    try {
      lab.up(options);
      awaitHostsUp();
    } catch (RuntimeException failed) {
      close();
      throw failed;
    }
  }

  /** Whatever a test stopped is started again, whatever it cut is healed. */
  void mend() {
    lab.heal();
    lab.up(options);
    awaitHostsUp();
  }

  /** Runs something with a server that was started with one more option in a table of its own. */
  void withServerOption(String table, String option, Runnable work) {
    Path file = lab.folder().resolve("server/server.toml");
    String before = LabFolder.read(file).orElseThrow();
    restartServer(file, before.replace(table + "\n", table + "\n" + option + "\n"));
    try {
      work.run();
    } finally {
      restartServer(file, before);
    }
  }

  /** Starts the server with more tables from now on. */
  void serverWith(String more) {
    Path file = lab.folder().resolve("server/server.toml");
    restartServer(file, LabFolder.read(file).orElseThrow() + "\n" + more);
  }

  private void restartServer(Path configuration, String text) {
    LabFolder.write(configuration, text);
    lab.kill("server", "server");
    lab.start("server", "server");
    awaitHostsUp();
  }

  private void awaitHostsUp() {
    Await.until(
        "all hosts to be announced",
        Duration.ofMinutes(3),
        () -> {
          JsonNode hosts = api().get("/godwit/v1/hosts").path("hosts");
          return hosts.size() == options.hosts() && all(hosts, "up");
        });
  }

  /** A host as the API shows it. */
  JsonNode host(String name) {
    for (JsonNode host : api().get("/godwit/v1/hosts").path("hosts")) {
      if (host.path("name").asText().equals(name)) {
        return host;
      }
    }
    throw new AssertionError("no host " + name);
  }

  private static boolean all(JsonNode hosts, String flag) {
    for (JsonNode host : hosts) {
      if (!host.path(flag).asBoolean()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    lab.down();
    LabFolder.remove(folder);
  }

  Lab lab() {
    return lab;
  }

  ApiClient api() {
    try {
      return new ApiClient(lab.api(asked), Files.readString(lab.tokenFile()).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Which of several servers is asked from now on. */
  void ask(String server) {
    asked = server;
  }

  Virsh virsh(String host) {
    return new Virsh(lab.host(host));
  }

  /** Runs a program on a host. */
  String on(String host, String... argv) {
    return Argv.must(SHORT, lab.inside(host, List.of(argv)));
  }

  /** A guest under construction. */
  GuestMaker guest() {
    guests++;
    return new GuestMaker(this, guests);
  }

  /** Status of the answer to a call that has to be refused. */
  int refused(Runnable call) {
    try {
      call.run();
    } catch (ApiFailure refusal) {
      return refusal.status();
    }
    return 200;
  }

  /** Asks for a move, to a host or to any. */
  Move migrate(Guest guest, Optional<String> to) {
    long before = newest(guest).map(it -> it.path("number").asLong()).orElse(0L);
    ObjectNode body = api().object();
    ObjectNode move = body.putObject("os-migrateLive");
    move.put("host", to.orElse(null)).put("block_migration", "auto");
    api().post("/v2.1/servers/" + guest.id() + "/action", body);
    JsonNode started =
        newest(guest).filter(it -> it.path("number").asLong() > before).orElseThrow();
    return new Move(this, guest, started.path("number").asLong());
  }

  private Optional<JsonNode> newest(Guest guest) {
    JsonNode all = api().get("/godwit/v1/migrations?instance=" + guest.id()).path("migrations");
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(0));
  }

  /** Moves and waits until it has completed. */
  JsonNode moved(Guest guest, String to) {
    JsonNode end = migrate(guest, Optional.of(to)).awaitEnd();
    assertThat(end.path("status").asText()).as(end.toPrettyString()).isEqualTo("completed");
    return end;
  }

  /** What a host still has of a guest, looked for from outside. */
  List<String> leftovers(String host, Guest guest) {
    return leftovers(host, guest.domain());
  }

  List<String> leftovers(String host, Leftovers.Of guest) {
    return new Leftovers(lab).on(host, guest);
  }

  /** Where virsh lists it running, host by host. */
  List<String> runningOn(Guest guest) {
    return lab.hosts().stream()
        .filter(host -> host.daemon("libvirtd").isPresent())
        .filter(host -> state(host.name(), guest).equals("running"))
        .map(host -> host.name())
        .toList();
  }

  /** virsh's word for its state on a host; "absent" when libvirt does not know it there. */
  String state(String host, Guest guest) {
    Argv.Result result = virsh(host).run(SHORT, "domstate", guest.id());
    return result.ok() ? result.out().strip().toLowerCase(Locale.ROOT) : "absent";
  }

  /** It runs on this host and no other, the record says so, and no other host has anything. */
  void assertLives(Guest guest, String host) {
    Await.until(
        guest.name() + " to live on " + host + " alone",
        PATIENCE,
        () -> runningOn(guest).equals(List.of(host)) && guest.show().path("task").isNull());
    assertThat(guest.show().path("host").asText()).isEqualTo(host);
    assertThat(guest.show().path("status").asText()).isEqualTo("ACTIVE");
    // The ownership is written before the source is cleared.
    Await.until(
        "nothing to be left of " + guest.name() + " on other hosts",
        PATIENCE,
        () -> leftElsewhere(guest, host).isEmpty());
  }

  private List<String> leftElsewhere(Guest guest, String home) {
    Leftovers.Of domain = guest.domain();
    return lab.hosts().stream()
        .map(it -> it.name())
        .filter(name -> !name.equals(home))
        .flatMap(name -> leftovers(name, domain).stream().map(it -> name + ": " + it))
        .toList();
  }
}
