package dev.godwit.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.core.migration.plan.MovePolicy;
import dev.godwit.core.model.InstanceId;
import dev.godwit.server.api.Api;
import dev.godwit.server.api.ApiConfiguration;
import dev.godwit.server.api.Tokens;
import dev.godwit.server.conductor.Patience;
import dev.godwit.server.fake.FakeLink;
import dev.godwit.server.fake.FakeWorld;
import dev.godwit.server.fake.Freezer;
import dev.godwit.server.fleet.AllocationRatios;
import dev.godwit.server.store.DatabaseAddress;
import dev.godwit.server.store.Flavor;
import dev.godwit.wire.MutualTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A whole server on a database of its own, linked to a fake world, and clients for it. */
public final class Rig implements AutoCloseable {
  static final String PASSWORD = "correct horse";

  private final DatabaseAddress database;
  private final String name;
  private final FakeWorld world;
  private final Duration sweepEach;
  private final TestClock clock = new TestClock();
  private final Path tokenFile;
  private FakeLink link;
  private Server server;

  private Rig(
      Path folder, FakeWorld world, DatabaseAddress database, String name, Duration sweepEach) {
    this.sweepEach = sweepEach;
    this.database = database;
    this.name = name;
    this.world = world;
    this.tokenFile = folder.resolve("token");
    this.link = new FakeLink(world);
    this.server = start();
  }

  public static Rig start(Path folder, FakeWorld world) {
    return start(folder, world, DatabaseKind.SQLITE.fresh(folder), "server-1");
  }

  /** One that looks for leftovers by itself. */
  static Rig sweeping(Path folder, FakeWorld world, Duration each) {
    return new Rig(folder, world, DatabaseKind.SQLITE.fresh(folder), "server-1", each);
  }

  /** One of several on a database, which they tell from each other by their names. */
  public static Rig start(Path folder, FakeWorld world, DatabaseAddress database, String name) {
    return new Rig(folder, world, database, name, Duration.ZERO);
  }

  private Server start() {
    Server.Configuration configuration =
        new Server.Configuration(
            name,
            database,
            tokenFile,
            List.of(
                user("operator", "admin", List.of("admin")),
                user("alice", "blue", List.of("member")),
                user("reader", "blue", List.of("reader")),
                user("bob", "red", List.of("member"))),
            new ApiConfiguration(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                List.of(
                    new ApiConfiguration.Image(
                        "11111111-1111-4111-8111-111111111111",
                        "lab",
                        Optional.of("/images/vmlinuz"),
                        Optional.of("/images/initrd"),
                        "console=ttyS0",
                        Optional.empty())),
                List.of(
                    new Flavor(1, "1", "tiny", 256, 1, 0),
                    new Flavor(2, "2", "disk", 512, 2, 1),
                    new Flavor(3, "3", "large", 6000, 4, 0))),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new MutualTls(Path.of("unused"), Path.of("unused"), Path.of("unused")),
            MovePolicy.DEFAULT,
            Patience.DEFAULT,
            AllocationRatios.DEFAULT,
            sweepEach);
    Server fresh = new Server(configuration, link, clock);
    fresh.start();
    return fresh;
  }

  private static Tokens.User user(String name, String project, List<String> roles) {
    return new Tokens.User(name, PASSWORD, project, roles);
  }

  public DatabaseAddress database() {
    return database;
  }

  public TestClock clock() {
    return clock;
  }

  public FakeWorld world() {
    return world;
  }

  public Freezer freezer() {
    return link.freezer();
  }

  /** Stops the server where it stands: nothing that it meant to do next is done. */
  public void kill() {
    link.freezer().kill();
    server.close();
  }

  /** Starts another server on the same file. */
  public void startAgain() {
    link = new FakeLink(world);
    server = start();
  }

  public String root() {
    return "http://127.0.0.1:" + server.apiPort();
  }

  /** The routing table of its API. */
  List<Api.Line> lines() {
    return server.lines();
  }

  /** Nobody in particular. */
  public Client anybody() {
    return Client.of(root());
  }

  /** Who holds the admin token. */
  public Client admin() {
    return anybody().token(token());
  }

  String token() {
    try {
      return Files.readString(tokenFile).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A user of the configuration, logged in. */
  public Client user(String name) {
    return anybody().token(logIn(name, PASSWORD).header("X-Subject-Token").orElseThrow());
  }

  Client.Answer logIn(String name, String password) {
    return anybody()
        .post(
            "/v3/auth/tokens",
            """
            {'auth': {'identity': {'methods': ['password'], 'password': {'user':
              {'name': '%s', 'domain': {'id': 'default'}, 'password': '%s'}}}}}
            """
                .formatted(name, password));
  }

  /** A new active instance on a host; its disk is the flavor's. */
  public InstanceId instance(String name, String host, String flavor) {
    Client.Answer made =
        admin()
            .at("2.74")
            .post(
                "/v2.1/servers",
                """
                {'server': {'name': '%s', 'flavorRef': '%s', 'networks': 'none', 'host': '%s',
                  'imageRef': '11111111-1111-4111-8111-111111111111'}}
                """
                    .formatted(name, flavor, host));
    if (made.status() != 202) {
      throw new AssertionError(made.toString());
    }
    InstanceId id = InstanceId.of(made.text("/server/id"));
    awaitStatus(id, "ACTIVE");
    return id;
  }

  JsonNode server(InstanceId id) {
    return admin().at("2.80").get("/v2.1/servers/" + id).json().path("server");
  }

  JsonNode awaitStatus(InstanceId id, String status) {
    return Await.until(
        id + " " + status, () -> server(id), it -> it.path("status").asText().equals(status));
  }

  /** Asks for a live migration as 2.68 does; the caller looks at the answer. */
  Client.Answer migrate(InstanceId id, String destination) {
    return admin()
        .at("2.68")
        .post(
            "/v2.1/servers/" + id + "/action",
            "{'os-migrateLive': {'host': '%s', 'block_migration': 'auto'}}".formatted(destination));
  }

  /** The newest migration of an instance, as Godwit's own API tells it. */
  public JsonNode migration(InstanceId id) {
    return admin().get("/godwit/v1/migrations?instance=" + id).json().at("/migrations/0");
  }

  public JsonNode awaitPhase(InstanceId id, String phase) {
    return Await.until(
        "phase " + phase, () -> migration(id), it -> it.path("phase").asText().equals(phase));
  }

  /** Somebody says that a host is dead for certain, once its last announcement is long ago. */
  void fence(String host) {
    Await.until(
        "the fence of " + host,
        () -> {
          // One that was on its way when it fell silent is heard as late as now.
          clock.forward(Duration.ofSeconds(30));
          return admin()
              .post("/godwit/v1/hosts/" + host + "/fence", "{'powered_off': true}")
              .status();
        },
        status -> status == 200);
  }

  /** The newest migration once it is over. */
  public JsonNode awaitEnd(InstanceId id) {
    return Await.until(
        "the end of a migration",
        () -> migration(id),
        it -> List.of("COMPLETED", "CANCELLED", "FAILED").contains(it.path("phase").asText()));
  }

  @Override
  public void close() {
    link.freezer().kill();
    server.close();
  }
}
