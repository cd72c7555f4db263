package dev.godwit.simulation.world;

import dev.godwit.simulation.net.Network;
import dev.godwit.simulation.store.SimulatedDatabase.Trouble;
import dev.godwit.simulation.world.Fault.Side;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** A fault that lasts, for a move that was under way when it struck. */
final class Blow {
  /** A host announces itself, and a server says that it lives, more often than that. */
  private static final Duration BEAT = Duration.ofSeconds(2);

  private final World world;
  private final Ledger ledger;
  private final Target target;
  private final long number;
  private final Side side;
  private final long begun;
  private final long before;

  /**
   * What is struck.
   *
   * @param server one of them, whoever owns the move
   * @param atServer of a fault that may be at a host or at a server: at this one
   */
  record Target(Fault fault, Node node, String server, boolean atServer) {
    /** The move's other host. */
    String other(Optional<Ledger.Move> move) {
      return switch (fault.where()) {
        case SOURCE -> move.flatMap(Ledger.Move::destination).orElse("h2");
        case DESTINATION -> move.map(Ledger.Move::source).orElse("h1");
      };
    }

    private Side side(Ledger.Move move) {
      List<Side> sides = fault.what().sides();
      Side host = node.name().equals(move.source()) ? Side.SOURCE : Side.DESTINATION;
      return atServer || !sides.contains(host) ? sides.getLast() : host;
    }
  }

  /**
   * What a fault is to a move.
   *
   * @param hits false for a blow at what is not there, or is nothing to the move
   * @param met how much of it the move has met: its own calls, transactions and files
   */
  private record Sense(BooleanSupplier hits, LongSupplier met) {}

  private Blow(Target target, Ledger.Move move, World world, Ledger ledger) {
    this.world = world;
    this.ledger = ledger;
    this.target = target;
    this.number = move.number();
    this.side = target.side(move);
    this.begun = world.timeline().nanos();
    this.before = sense(move).met.getAsLong();
  }

  /** Empty when it is nothing to the move. */
  static Optional<Blow> at(Target target, Ledger.Move move, World world, Ledger ledger) {
    Blow blow = new Blow(target, move, world, ledger);
    return blow.sense(move).hits.getAsBoolean() ? Optional.of(blow) : Optional.empty();
  }

  Ledger.Move move() {
    return ledger.moves().stream().filter(it -> it.number() == number).findFirst().orElseThrow();
  }

  /** True when the move has met it since it struck. */
  boolean felt() {
    return sense(move()).met.getAsLong() > before;
  }

  Coverage.Met met(Stage stage) {
    return new Coverage.Met(stage, target.fault.what(), side);
  }

  private Sense sense(Ledger.Move move) {
    Node node = target.node;
    String server = target.server;
    String name = node.name();
    String other = target.other(Optional.of(move));
    Network net = world.network();
    return switch (target.fault.what()) {
      case SERVER_KILLED -> new Sense(() -> owner(move), this::atOnce);
      case SERVER_FROZEN -> new Sense(() -> owner(move), this::forABeat);
      case AGENT_KILLED -> new Sense(() -> host(move) && node.agent().isPresent(), this::atOnce);
      case AGENT_FROZEN -> new Sense(() -> host(move) && node.agent().isPresent(), this::forABeat);
      case LIBVIRTD_KILLED ->
          new Sense(() -> host(move) && node.libvirt().daemon().alive(), this::atOnce);
      case LIBVIRTD_FROZEN ->
          new Sense(() -> host(move) && node.libvirt().daemon().alive(), this::forABeat);
      case LOCK_DAEMON_KILLED ->
          new Sense(() -> host(move) && leasesAre() && !node.dark(), this::atOnce);
      case QEMU_KILLED ->
          new Sense(() -> host(move) && node.libvirt().has(move.instance()), this::atOnce);
      case GUEST_SHUTS_DOWN ->
          new Sense(() -> host(move) && node.libvirt().runs(move.instance()), this::atOnce);
      case HOST_DIES, HOST_DIES_AND_IS_FENCED ->
          new Sense(() -> host(move) && !node.dark(), this::atOnce);
      case CLOCK_JUMPS ->
          new Sense(
              () -> target.atServer ? owner(move) : host(move) && node.agent().isPresent(),
              this::atOnce);
      // Only a copy and the trial before it go from host to host.
      case LINK_BETWEEN_HOSTS_CUT ->
          new Sense(
              () -> move.destination().isPresent(),
              () -> net.stopped(name, other) + net.stopped(other, name));
      case LINK_TO_SERVER_CUT ->
          new Sense(
              () -> host(move),
              () ->
                  net.stoppedCalls(name, server, move::concerns)
                      + net.stoppedCalls(server, name, move::concerns));
      case WORDS_TO_SERVER_LOST ->
          new Sense(() -> host(move), () -> net.stoppedCalls(name, server, move::concerns));
      case WORDS_FROM_SERVER_LOST ->
          new Sense(() -> host(move), () -> net.stoppedCalls(server, name, move::concerns));
      case DISK_FULL -> new Sense(() -> host(move), node::refusals);
      case PROGRAM_FAILS ->
          new Sense(() -> host(move), () -> node.misbehaved() + world.node(other).misbehaved());
      case MESSAGES_UNRELIABLE -> new Sense(() -> true, () -> net.astrayCalls(move::concerns));
      case DATABASE_AWAY -> new Sense(() -> true, () -> troubles(move, Trouble.AWAY));
      case DATABASE_FAILS -> new Sense(() -> true, () -> troubles(move, Trouble.REFUSED));
      case COMMITS_UNLEARNED -> new Sense(() -> true, () -> troubles(move, Trouble.UNLEARNED));
      case DATABASE_SLOW -> new Sense(() -> true, () -> troubles(move, Trouble.SLOW));
    };
  }

  private boolean owner(Ledger.Move move) {
    return move.owner().equals(target.server) && world.server(target.server).process().alive();
  }

  private boolean host(Ledger.Move move) {
    String name = target.node.name();
    return move.source().equals(name) || move.destination().equals(Optional.of(name));
  }

  private boolean leasesAre() {
    return world.ground().libvirt().leases().are();
  }

  private Duration since() {
    return Duration.ofNanos(world.timeline().nanos() - begun);
  }

  private long atOnce() {
    return since().isZero() ? 0 : 1;
  }

  /** Within that time a course asks everyone who is concerned. */
  private long forABeat() {
    return since().compareTo(BEAT) >= 0 ? 1 : 0;
  }

  /** Those of its course, which is a thread of that name. */
  private long troubles(Ledger.Move move, Trouble trouble) {
    return world.database().troubles("migration-" + move.number(), trouble);
  }
}
