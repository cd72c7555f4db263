package dev.godwit.simulation.world;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.godwit.core.migration.PhaseName;
import dev.godwit.simulation.libvirt.SimulatedPrograms.Manner;
import dev.godwit.simulation.net.Network;
import dev.godwit.simulation.store.SimulatedDatabase;
import dev.godwit.simulation.time.SimulatedProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What befalls a world, when its moment comes; and that it is mended after its time. */
final class Misfortunes {
  private static final Duration BELIEVED_DEAD = Duration.ofSeconds(20);

  private static final Duration FENCE_EACH = Duration.ofSeconds(2);
  private static final List<Manner> MISBEHAVIOURS =
      List.of(Manner.SLOW, Manner.HANGS, Manner.DONE_AND_SAYS_FAILED);
  private static final Network.Weather ROUGH = new Network.Weather(150, 150, 60);

  private final World world;
  private final Ledger ledger;
  private final List<Pending> pending = new ArrayList<>();
  private final List<Coverage.Met> struck = new ArrayList<>();
  private final List<Blow> blows = new ArrayList<>();
  private int active;
  private Duration lastMended = Duration.ZERO;

  private static final class Pending {
    private final Fault fault;
    private final String words;
    private final Duration after;
    private int left;

    Pending(Fault fault, String words, Duration after, int left) {
      this.fault = fault;
      this.words = words;
      this.after = after;
      this.left = left;
    }
  }

  Misfortunes(World world, Ledger ledger) {
    this.world = world;
    this.ledger = ledger;
    world.story().read(this::heard);
  }

  /** Each waits for its moment from now on. */
  void arm(List<Fault> faults) {
    for (Fault fault : faults) {
      switch (fault.when()) {
        case When.At(Duration after) -> later(after, fault);
        case When.Line(String words, int number, Duration after) ->
            pending.add(new Pending(fault, words, after, number));
      }
    }
  }

  private void heard(String what) {
    for (Pending waiting : pending) {
      if (what.contains(waiting.words) && --waiting.left == 0) {
        later(waiting.after, waiting.fault);
      }
    }
  }

  private void later(Duration after, Fault fault) {
    active++;
    world.timeline().after(after, () -> strike(fault));
  }

  /** True when nothing is broken, or about to be at a known time. */
  boolean mended() {
    return active == 0;
  }

  /** When that came to be, by the clock of the world. */
  Duration lastMended() {
    return lastMended;
  }

  /** Those that a move felt, each with the stage in which it felt them first. */
  List<Coverage.Met> struck() {
    return List.copyOf(struck);
  }

  /** Whether the moves that were struck have met by now what is wrong. */
  void look() {
    blows.removeIf(this::told);
  }

  /** True when the move has met it since it struck: that is told once, with the stage of it. */
  private boolean told(Blow blow) {
    boolean felt = blow.felt();
    if (felt) {
      stage(blow.move()).ifPresent(stage -> struck.add(blow.met(stage)));
    }
    return felt;
  }

  private void strike(Fault fault) {
    Optional<Ledger.Move> move = ledger.moves().stream().reduce((one, other) -> other);
    Node node = node(fault, move);
    String server = world.servers().get(world.random().nextInt(world.servers().size())).name();
    boolean atServer = fault.what() == Fault.What.CLOCK_JUMPS && world.random().nextBoolean();
    Blow.Target target = new Blow.Target(fault, node, server, atServer);
    Optional<Blow> blow = move.flatMap(it -> Blow.at(target, it, world, ledger));
    blow.ifPresent(blows::add);
    world
        .story()
        .tell(
            "FAULT "
                + fault.what()
                + " ("
                + node.name()
                + ") for "
                + lasts(fault).toMillis()
                + " ms, in "
                + move.map(Ledger.Move::phase).orElse(PhaseName.ACCEPTED.name()));
    Runnable mend = strike(target, move);
    look();
    world
        .timeline()
        .after(
            lasts(fault),
            () -> {
              look();
              blow.ifPresent(blows::remove);
              mend.run();
              world.story().tell("mended: " + fault.what() + " (" + node.name() + ")");
              lastMended = world.timeline().now();
              active--;
            });
  }

  /** Nobody believes that a host is dead which was heard a moment ago. */
  private static Duration lasts(Fault fault) {
    return fault.what() == Fault.What.HOST_DIES_AND_IS_FENCED
        ? fault.lasts().plus(BELIEVED_DEAD)
        : fault.lasts();
  }

  private Optional<Stage> stage(Ledger.Move move) {
    boolean postCopy =
        world.nodes().stream().anyMatch(node -> node.libvirt().inPostCopy(move.instance()));
    return postCopy ? Optional.of(Stage.POST_COPY) : Stage.of(PhaseName.valueOf(move.phase()));
  }

  private Node node(Fault fault, Optional<Ledger.Move> move) {
    Node chosen = chosen(fault, move);
    boolean asks = fault.what() == Fault.What.GUEST_SHUTS_DOWN;
    return move.filter(_ -> asks).flatMap(it -> whereItRuns(it, chosen)).orElse(chosen);
  }

  /** There, or on another host. */
  private Optional<Node> whereItRuns(Ledger.Move move, Node there) {
    return Stream.concat(Stream.of(there), world.nodes().stream())
        .filter(node -> node.libvirt().runs(move.instance()))
        .findFirst();
  }

  private Node chosen(Fault fault, Optional<Ledger.Move> move) {
    return world.node(
        switch (fault.where()) {
          case SOURCE -> move.map(Ledger.Move::source).orElse("h1");
          case DESTINATION -> move.flatMap(Ledger.Move::destination).orElse("h2");
        });
  }

  private Runnable strike(Blow.Target target, Optional<Ledger.Move> move) {
    Node node = target.node();
    String server = target.server();
    String other = target.other(move);
    return switch (target.fault().what()) {
      case SERVER_KILLED -> {
        world.server(server).process().kill();
        yield () -> world.startServer(server);
      }
      case SERVER_FROZEN -> frozen(world.server(server).process());
      case AGENT_KILLED -> {
        node.killAgent();
        yield () -> node.startAgent(world::servers);
      }
      case AGENT_FROZEN -> node.agent().map(agent -> frozen(agent.process())).orElse(() -> {});
      case LIBVIRTD_KILLED -> {
        node.libvirt().killDaemon();
        yield () -> {
          if (!node.dark()) {
            node.libvirt().startDaemon();
          }
        };
      }
      case LIBVIRTD_FROZEN -> {
        var daemon = node.libvirt().daemon();
        daemon.freeze();
        yield daemon::thaw;
      }
      case LOCK_DAEMON_KILLED -> {
        node.libvirt().killLockDaemon();
        yield () -> {
          // As the manual says: libvirtd after it.
          node.libvirt().killDaemon();
          if (!node.dark()) {
            node.libvirt().startDaemon();
          }
        };
      }
      case QEMU_KILLED -> {
        move.ifPresent(it -> {
          if (node.libvirt().holds(it.instance())) {
            world.truth().qemuKilled(node.name(), it.instance());
          }
          node.libvirt().killQemu(it.instance());
        });
        yield () -> {};
      }
      case GUEST_SHUTS_DOWN -> {
        move.ifPresent(it -> node.libvirt().shutDown(it.instance()));
        yield () -> {};
      }
      case HOST_DIES -> {
        world.truth().powerLost(node.name(), node.libvirt().guests());
        node.die();
        yield () -> node.boot(world::servers);
      }
      case HOST_DIES_AND_IS_FENCED -> {
        world.truth().powerLost(node.name(), node.libvirt().guests());
        node.die();
        fence(node);
        yield () -> node.boot(world::servers);
      }
      case LINK_BETWEEN_HOSTS_CUT -> cut(List.of(node.name(), other), List.of(other, node.name()));
      case LINK_TO_SERVER_CUT -> cut(List.of(node.name(), server), List.of(server, node.name()));
      case WORDS_TO_SERVER_LOST -> cut(List.of(node.name(), server));
      case WORDS_FROM_SERVER_LOST -> cut(List.of(server, node.name()));
      case MESSAGES_UNRELIABLE -> {
        world.network().weather(ROUGH);
        yield () -> world.network().weather(Network.Weather.FAIR);
      }
      case CLOCK_JUMPS -> {
        Duration by = Duration.ofSeconds(world.random().nextInt(-7200, 7200));
        SimulatedProcess process =
            target.atServer()
                ? world.server(server).process()
                : node.agent().map(it -> it.process()).orElse(world.server(server).process());
        process.jump(by);
        yield () -> {};
      }
      case DATABASE_AWAY -> database(server, new SimulatedDatabase.Weather(true, 0, 0, 0));
      case DATABASE_FAILS -> database(server, new SimulatedDatabase.Weather(false, 200, 0, 0));
      case COMMITS_UNLEARNED -> database(server, new SimulatedDatabase.Weather(false, 0, 200, 0));
      case DATABASE_SLOW -> database(server, new SimulatedDatabase.Weather(false, 0, 0, 200));
      case DISK_FULL -> {
        node.fill(true);
        yield () -> node.fill(false);
      }
      case PROGRAM_FAILS -> {
        List<Node> both = List.of(node, world.node(other));
        Manner manner = MISBEHAVIOURS.get(world.random().nextInt(MISBEHAVIOURS.size()));
        both.forEach(it -> it.programs(manner));
        yield () -> both.forEach(it -> it.programs(Manner.WELL));
      }
    };
  }

  /** An operator, who sees that it has no power, says so until it is recorded. */
  private void fence(Node node) {
    world.timeline().after(FENCE_EACH, () -> fenceWhileDark(node));
  }

  private void fenceWhileDark(Node node) {
    if (node.dark() && !ledger.fenced(node.name())) {
      world.ask(
          "POST",
          "/godwit/v1/hosts/" + node.name() + "/fence",
          Optional.of(JsonNodeFactory.instance.objectNode().put("powered_off", true)),
          reply -> world.story().tell("fenced " + node.name() + ": " + reply.status()));
      fence(node);
    }
  }

  private static Runnable frozen(SimulatedProcess process) {
    process.freeze();
    return process::thaw;
  }

  @SafeVarargs
  private Runnable cut(List<String>... ways) {
    for (List<String> way : ways) {
      world.network().cut(way.getFirst(), way.getLast());
    }
    return () -> {
      for (List<String> way : ways) {
        world.network().heal(way.getFirst(), way.getLast());
      }
    };
  }

  /** For all servers, or for one of them while the others find it as ever. */
  private Runnable database(String server, SimulatedDatabase.Weather weather) {
    if (world.random().nextBoolean()) {
      world.database().weather(weather);
      return () -> world.database().weather(SimulatedDatabase.Weather.FAIR);
    }
    world.story().tell("only for " + server);
    world.database().weather(server, weather);
    return () -> world.database().weather(server, SimulatedDatabase.Weather.FAIR);
  }
}
