package dev.godwit.simulation.world;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.core.migration.Rules;
import dev.godwit.core.migration.plan.MovePolicy;
import dev.godwit.server.Mind;
import dev.godwit.server.api.ApiConfiguration;
import dev.godwit.server.api.Reply;
import dev.godwit.server.api.Tokens;
import dev.godwit.server.conductor.Patience;
import dev.godwit.server.fleet.AllocationRatios;
import dev.godwit.server.store.Flavor;
import dev.godwit.simulation.files.Disk;
import dev.godwit.simulation.files.MountTable;
import dev.godwit.simulation.libvirt.Images;
import dev.godwit.simulation.libvirt.Leases;
import dev.godwit.simulation.libvirt.Peers;
import dev.godwit.simulation.libvirt.Release;
import dev.godwit.simulation.libvirt.SimulatedHost;
import dev.godwit.simulation.net.Network;
import dev.godwit.simulation.net.SimulatedAgent;
import dev.godwit.simulation.net.SimulatedServer;
import dev.godwit.simulation.store.SimulatedDatabase;
import dev.godwit.simulation.time.SeededTimeline;
import dev.godwit.simulation.time.SimulatedProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Hosts, servers and their record; what happens in it, the seed decides. */
final class World implements AutoCloseable {
  private static final Duration SWEEP_EACH = Duration.ofSeconds(20);

  private static final Instant BEGINNING = Instant.parse("2030-01-01T00:00:00Z");
  private static final long GIB = 1L << 30;
  private static final int ONE_FINISH_OF_SO_MANY_FAILS = 200;
  private static final int ONE_LAST_STAGE_OF_SO_MANY_FAILS = 100;
  static final String IMAGE = "11111111-1111-4111-8111-111111111111";

  private final RandomGenerator random;
  private final SeededTimeline timeline;
  private final Story story;
  private final Truth truth;
  private final Images images = new Images();
  private final Network network;
  private final SimulatedDatabase database;
  private final Map<String, Node> nodes = new TreeMap<>();
  private final Map<String, SimulatedServer> servers = new TreeMap<>();
  private final SimulatedHost.Ground ground;
  private final Path tokenFile;
  private final Scenario scenario;
  private final Rules rules;
  private String token = "";

  World(Scenario scenario, Rules rules) {
    this.scenario = scenario;
    this.rules = rules;
    SplittableRandom root = new SplittableRandom(scenario.seed());
    this.random = root.split();
    this.timeline = new SeededTimeline(root.split());
    this.story = new Story(timeline);
    this.truth = new Truth(story);
    this.network = new Network(timeline, root.split());
    this.database = new SimulatedDatabase(timeline, root.split(), story::tell);
    this.ground =
        new SimulatedHost.Ground(
            timeline, root.split(), images, new Links(), truth, this::process, libvirt());
    Clock clock = process("clock").clock();
    Disk shared = new Disk("nfs:/shared", 99, 100 * GIB, clock);
    for (int i = 1; i <= 3; i++) {
      Node node = new Node(i, this, shared, clock);
      nodes.put(node.name(), node);
    }
    Disk elsewhere = new Disk("/dev/server", 98, GIB, clock);
    tokenFile = new MountTable(elsewhere).process().getPath("/token");
    for (int i = 1; i <= scenario.servers(); i++) {
      startServer("s" + i);
    }
    nodes.values().forEach(node -> node.startAgent(this::servers));
  }

  private final class Links implements Peers {
    @Override
    public Optional<SimulatedHost> at(String uri) {
      String host = uri.replaceAll(".*//([^/]*)/.*", "$1");
      return Optional.of(node(host).libvirt());
    }

    @Override
    public boolean finishFails() {
      return failsByItself("Finish", ONE_FINISH_OF_SO_MANY_FAILS);
    }

    @Override
    public boolean lastStageFails() {
      return failsByItself("the last stage", ONE_LAST_STAGE_OF_SO_MANY_FAILS);
    }

    private boolean failsByItself(String what, int oneOfSoMany) {
      boolean fails = ground.random().nextInt(oneOfSoMany) == 0;
      if (fails) {
        story.tell(what + " fails by itself");
      }
      return fails;
    }

    @Override
    public boolean linked(String one, String other) {
      return network.passes(one, other)
          && network.passes(other, one)
          && !node(one).dark()
          && !node(other).dark();
    }

    @Override
    public boolean full(String host) {
      return node(host).full();
    }
  }

  SimulatedHost.Ground ground() {
    return ground;
  }

  /** What its servers and agents decide by. */
  Rules rules() {
    return rules;
  }

  RandomGenerator random() {
    return random;
  }

  SeededTimeline timeline() {
    return timeline;
  }

  Story story() {
    return story;
  }

  Truth truth() {
    return truth;
  }

  Network network() {
    return network;
  }

  Images images() {
    return images;
  }

  SimulatedDatabase database() {
    return database;
  }

  Node node(String name) {
    return java.util.Objects.requireNonNull(nodes.get(name), name);
  }

  List<Node> nodes() {
    return List.copyOf(nodes.values());
  }

  List<SimulatedServer> servers() {
    return List.copyOf(servers.values());
  }

  SimulatedServer server(String name) {
    return java.util.Objects.requireNonNull(servers.get(name), name);
  }

  SimulatedProcess process(String name) {
    return new SimulatedProcess(name, timeline, BEGINNING);
  }

  Supplier<UUID> ids() {
    return () -> new UUID(random.nextLong(), random.nextLong());
  }

  void dial(String from, String to) throws IOException {
    if (!new Links().linked(from, to) || !node(to).libvirt().daemon().alive()) {
      throw new IOException("Connection refused");
    }
  }

  /** A server of that name, unless one lives. */
  void startServer(String name) {
    SimulatedServer known = servers.get(name);
    if (known != null && known.process().alive()) {
      return;
    }
    SimulatedProcess process = process(name);
    Tokens tokens = new Tokens(new byte[32], tokenFile, List.of(), process.clock());
    SimulatedServer fresh = new SimulatedServer(name, process, network, this::agentAt);
    servers.put(name, fresh);
    MovePolicy policy = new MovePolicy(scenario.postCopy(), false, 1, 0, 300, scenario.handOver());
    ApiConfiguration api =
        new ApiConfiguration(
            new InetSocketAddress(0),
            List.of(
                new ApiConfiguration.Image(
                    IMAGE,
                    "lab",
                    Optional.of("/boot/vmlinuz"),
                    Optional.of("/boot/initrd"),
                    "console=ttyS0",
                    Optional.empty())),
            List.of(new Flavor(1, "1", "tiny", 256, 1, 0)));
    fresh.start(
        new Mind.Charter(
            name,
            api,
            policy,
            patience(),
            AllocationRatios.DEFAULT,
            sweeps() ? SWEEP_EACH : Duration.ZERO,
            rules),
        link ->
            new Mind.Ground(database.of(process), link, process.clock(), process.tempo(), ids()),
        tokens);
    try {
      token = java.nio.file.Files.readString(tokenFile).strip();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** A newer one in half of the histories, and its lock manager in a third. */
  private SimulatedHost.Installed libvirt() {
    Release release = scenario.seed() / 9 % 2 == 0 ? Release.BEFORE_9_2 : Release.SINCE_9_2;
    boolean locks = scenario.seed() / 3 % 3 == 1;
    story.tell("libvirt " + release + (locks ? ", with its lock manager" : ""));
    return new SimulatedHost.Installed(release, locks ? Leases.kept() : Leases.none());
  }

  /** In a third of the histories: in the others nothing may be left that a sweep would take. */
  boolean sweeps() {
    return scenario.seed() % 3 == 0;
  }

  /** Half of those that permit post-copy come to it by their configuration. */
  private Patience patience() {
    return scenario.postCopy() && scenario.seed() % 2 == 0
        ? new Patience(1, Patience.Action.FORCE_COMPLETE)
        : Patience.DEFAULT;
  }

  private Optional<SimulatedAgent> agentAt(String host) {
    Node node = node(host);
    return node.dark() ? Optional.empty() : Optional.of(node.agent().orElseGet(node::nobody));
  }

  /** Asks some server that serves, if one does. */
  Optional<SimulatedServer> ask(
      String method, String path, Optional<JsonNode> body, Consumer<Reply> then) {
    List<SimulatedServer> up = new ArrayList<>(servers());
    up.removeIf(server -> !server.serves());
    if (up.isEmpty()) {
      return Optional.empty();
    }
    SimulatedServer asked = up.get(random.nextInt(up.size()));
    asked.ask(method, path, token, body, "2.79", then);
    return Optional.of(asked);
  }

  @Override
  public void close() {
    servers.values().forEach(server -> server.process().kill());
    nodes
        .values()
        .forEach(node -> {
          node.killAgent();
          node.libvirt().killDaemon();
        });
    database.close();
  }
}
