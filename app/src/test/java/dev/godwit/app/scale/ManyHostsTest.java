package dev.godwit.app.scale;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.app.config.AgentDriver;
import dev.godwit.app.config.ServerSettings;
import dev.godwit.cli.client.ApiClient;
import dev.godwit.lab.host.Await;
import dev.godwit.lab.host.LabFolder;
import dev.godwit.lab.host.Pki;
import dev.godwit.libvirt.DomainState;
import dev.godwit.server.Server;
import dev.godwit.simulation.driver.SimulatedHosts;
import dev.godwit.wire.MachineTempo;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real server and the agents of fifty simulated hosts, through the API. */
final class ManyHostsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration LOOK_EACH = Duration.ofMillis(200);
  private static final int HOSTS = 50;
  private static final int GUESTS = 100;
  private static final int ROUNDS = 2;
  private static final String IMAGE = "11111111-1111-4111-8111-111111111111";

  @TempDir Path folder;
  private Server server;
  private SimulatedHosts hosts;
  private ApiClient api;

  @BeforeEach
  void up() throws IOException {
    LabFolder files = new LabFolder(folder.resolve("scale"));
    files.make();
    Pki pki = new Pki(files);
    pki.makeAuthority();
    pki.makeCertificate("both", "127.0.0.1", 0);
    int registry = freePort();
    server =
        new Server(
            ServerSettings.read(written("server.toml", serverToml(pki, registry))),
            Clock.systemUTC());
    server.start();
    AgentDriver driver = AgentDriver.read(written("agent.toml", agentToml(pki, registry)));
    hosts =
        new SimulatedHosts(
            ((AgentDriver.Simulated) driver).hosts(), Clock.systemUTC(), new MachineTempo());
    hosts.start();
    api =
        new ApiClient(
            URI.create("http://127.0.0.1:" + server.apiPort()),
            Files.readString(folder.resolve("admin.token")).strip());
  }

  @AfterEach
  void down() {
    hosts.close();
    server.close();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private Path written(String name, String toml) {
    Path file = folder.resolve(name);
    LabFolder.write(file, toml);
    return file;
  }

  private String serverToml(Pki pki, int registry) {
    return """
    [database]
    connection = "sqlite:///%1$s/godwit.db"
    [api]
    bind_port = 0
    admin_token_file = "%1$s/admin.token"
    [registry]
    bind_host = "127.0.0.1"
    bind_port = %2$d
    [[image]]
    id = "%3$s"
    name = "any"
    kernel = "/boot/vmlinuz"
    initrd = "/boot/initrd"
    [[flavor]]
    id = "1"
    name = "tiny"
    memory_mib = 256
    vcpus = 1
    [tls]
    %4$s
    """
        .formatted(folder, registry, IMAGE, pki.options("both"));
  }

  private static String agentToml(Pki pki, int registry) {
    return """
    [agent]
    driver = "simulated"
    host = "sim"
    address = "127.0.0.1"
    bind_port = 0
    servers = ["127.0.0.1:%d"]
    [simulation]
    hosts = %d
    [tls]
    %s
    """
        .formatted(registry, HOSTS, pki.options("both"));
  }

  /** Guest i begins on host i, two to a host, and goes on to the next in each round. */
  private static String host(int guest, int round) {
    return "sim-" + ((guest + round) % HOSTS + 1);
  }

  private List<JsonNode> list(String path, String name) {
    return StreamSupport.stream(api.get(path).path(name).spliterator(), false).toList();
  }

  @Test
  void hundreds_of_moves_between_fifty_hosts_end_well_and_leave_every_guest_on_one_host() {
    Await.until("all hosts", PATIENCE, LOOK_EACH, () -> hostsUp() == HOSTS);
    assertThat(list("/godwit/v1/hosts", "hosts"))
        .allSatisfy(
            host -> assertThat(host.path("hypervisor_type").asText()).isEqualTo("simulated"));
    List<String> guests =
        IntStream.range(0, GUESTS).parallel().mapToObj(i -> created(i, host(i, 0))).toList();
    Await.until("all guests", PATIENCE, LOOK_EACH, () -> active() == GUESTS);

    for (int round = 1; round <= ROUNDS; round++) {
      int now = round;
      IntStream.range(0, GUESTS).parallel().forEach(i -> migrate(guests.get(i), host(i, now)));
      int ended = now * GUESTS;
      Await.until("round " + now, PATIENCE, LOOK_EACH, () -> over().size() == ended);
    }

    assertThat(over()).containsOnly("COMPLETED");
    assertThat(recorded(guests)).isEqualTo(expected(guests));
    assertThat(seen()).isEqualTo(expected(guests));
  }

  private long hostsUp() {
    return list("/godwit/v1/hosts", "hosts").stream()
        .filter(host -> host.path("up").asBoolean())
        .count();
  }

  private long active() {
    return list("/v2.1/servers/detail", "servers").stream()
        .filter(it -> it.path("status").asText().equals("ACTIVE"))
        .count();
  }

  private String created(int number, String host) {
    ObjectNode body = api.object();
    body.putObject("server")
        .put("name", "guest-" + number)
        .put("imageRef", IMAGE)
        .put("flavorRef", "1")
        .put("networks", "none")
        .put("host", host);
    return api.post("/v2.1/servers", body).at("/server/id").asText();
  }

  private void migrate(String guest, String host) {
    ObjectNode body = api.object();
    body.putObject("os-migrateLive").put("host", host).put("block_migration", "auto");
    var _ = api.post("/v2.1/servers/" + guest + "/action", body);
  }

  /** How those ended that have. */
  private List<String> over() {
    return list("/godwit/v1/migrations?limit=1000", "migrations").stream()
        .map(it -> it.path("phase").asText())
        .filter(List.of("COMPLETED", "CANCELLED", "FAILED")::contains)
        .toList();
  }

  private static Map<String, List<String>> expected(List<String> guests) {
    Map<String, List<String>> expected = new TreeMap<>();
    for (int i = 0; i < GUESTS; i++) {
      expected.put(guests.get(i), List.of(host(i, ROUNDS)));
    }
    return expected;
  }

  private Map<String, List<String>> recorded(List<String> guests) {
    Map<String, List<String>> recorded = new TreeMap<>();
    for (JsonNode it : list("/v2.1/servers/detail", "servers")) {
      recorded.put(it.path("id").asText(), List.of(it.path("OS-EXT-SRV-ATTR:host").asText()));
    }
    assertThat(recorded).containsOnlyKeys(guests);
    return recorded;
  }

  /** On which hosts each guest is, running or only defined, as their libvirt says. */
  private Map<String, List<String>> seen() {
    Map<String, List<String>> seen = new TreeMap<>();
    for (int i = 1; i <= HOSTS; i++) {
      String host = "sim-" + i;
      for (UUID guest : running(host)) {
        seen.computeIfAbsent(guest.toString(), _ -> new ArrayList<>()).add(host);
      }
    }
    return seen;
  }

  private List<UUID> running(String host) {
    return hosts
        .host(host)
        .orElseThrow()
        .libvirt(connection ->
            connection.list(List.of()).stream()
                .map(it -> it.uuid())
                .peek(uuid ->
                    assertThat(connection.domain(uuid).state().state())
                        .isEqualTo(DomainState.RUNNING))
                .toList());
  }
}
