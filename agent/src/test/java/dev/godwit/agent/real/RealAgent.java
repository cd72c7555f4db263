package dev.godwit.agent.real;

import dev.godwit.agent.Agent;
import dev.godwit.agent.AgentConfiguration;
import dev.godwit.agent.Machine;
import dev.godwit.core.migration.Act;
import dev.godwit.core.migration.Order;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.TransferRecord;
import dev.godwit.core.model.BootSpec;
import dev.godwit.core.model.Epoch;
import dev.godwit.core.model.GuestSpec;
import dev.godwit.core.model.GuestTask;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.PowerAction;
import dev.godwit.lab.host.Await;
import dev.godwit.lab.host.LabFolder;
import dev.godwit.lab.host.LabHost;
import dev.godwit.lab.host.Pki;
import dev.godwit.wire.FactsMapping;
import dev.godwit.wire.GuestMapping;
import dev.godwit.wire.MutualTls;
import dev.godwit.wire.OrderMapping;
import dev.godwit.wire.ViewMapping;
import dev.godwit.wire.proto.AdoptReply;
import dev.godwit.wire.proto.AdoptRequest;
import dev.godwit.wire.proto.AssessRequest;
import dev.godwit.wire.proto.DeleteGuestRequest;
import dev.godwit.wire.proto.DescribeRequest;
import dev.godwit.wire.proto.GuestFactsMessage;
import dev.godwit.wire.proto.HostAgentGrpc;
import dev.godwit.wire.proto.ObserveRequest;
import dev.godwit.wire.proto.PowerRequest;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** An agent in this process for a host of the lab, spoken to as the server does it. */
final class RealAgent implements AutoCloseable {
  private final AtomicLong turn = new AtomicLong();
  static final Duration SOON = Duration.ofSeconds(60);

  private final LabHost host;
  private final MutualTls tls;
  private final Path state;
  private Agent agent;
  private ManagedChannel channel;

  RealAgent(Path lab, LabHost host) {
    this.host = host;
    Pki pki = new Pki(new LabFolder(lab));
    this.tls = new MutualTls(pki.authority(), pki.certificate(host.name()), pki.key(host.name()));
    this.state = host.home().resolve("agent-in-test");
    this.agent = begin();
    this.channel = connect();
  }

  /** As the server of this guest counts its tasks. */
  long nextTurn() {
    return turn.incrementAndGet();
  }

  private Agent begin() {
    Agent fresh =
        new Agent(
            new AgentConfiguration(
                name(),
                host.address(),
                0,
                state,
                // Nothing serves there; this process commands the agent as that server would.
                List.of("127.0.0.1:1"),
                Duration.ofMillis(200),
                new AgentConfiguration.Daemon(
                    host.libvirtUri(),
                    Optional.of("qemu"),
                    "qemu+tcp://%s/system",
                    false,
                    host.address(),
                    true),
                new AgentConfiguration.Directories(Optional.empty(), state.resolve("instances")),
                Optional.empty(),
                tls),
            Machine.real());
    fresh.start();
    return fresh;
  }

  private ManagedChannel connect() {
    return Grpc.newChannelBuilder("127.0.0.1:" + agent.port(), tls.client()).build();
  }

  /** Ends the agent and starts another on the same notes. */
  void restart() {
    close();
    agent = begin();
    channel = connect();
  }

  HostName name() {
    return new HostName(host.name());
  }

  HostAgentGrpc.HostAgentBlockingStub calls() {
    return HostAgentGrpc.newBlockingStub(channel)
        .withDeadlineAfter(SOON.toMillis(), TimeUnit.MILLISECONDS);
  }

  HostAgentGrpc.HostAgentStub news() {
    return HostAgentGrpc.newStub(channel);
  }

  /** "done", or the refusal's code. */
  String order(Move move, Act act) {
    return told(
        OrderMapping.reply(
            calls()
                .execute(
                    OrderMapping.message(
                        new Order(move.id(), new Epoch(1), move.instance(), name(), act)))));
  }

  HostView look(Move move) {
    return ViewMapping.view(
        calls()
            .observe(
                ObserveRequest.newBuilder()
                    .setFence(OrderMapping.fence(move.id(), new Epoch(1)))
                    .setInstance(move.instance().toString())
                    .build()));
  }

  Optional<GuestView.Active> active(Move move) {
    return look(move) instanceof HostView.Seen(var _, GuestView.Active active, var _)
        ? Optional.of(active)
        : Optional.empty();
  }

  Optional<GuestView.Inactive> inactive(Move move) {
    return look(move) instanceof HostView.Seen(var _, GuestView.Inactive inactive, var _)
        ? Optional.of(inactive)
        : Optional.empty();
  }

  Optional<TransferRecord> transfer(Move move) {
    return look(move) instanceof HostView.Seen(var _, var _, TransferRecord record)
        ? Optional.of(record)
        : Optional.empty();
  }

  /** Prepared as soon as the agent listens to its libvirtd. */
  void prepare(Move move) {
    Await.until(
        "the destination's preparation",
        SOON,
        () -> order(move, new Act.PrepareDirectories(List.of())).equals("done"));
  }

  /** A guest without disk or network; with a kernel it has something in its memory. */
  String create(InstanceId instance, boolean kernel) {
    return told(
        OrderMapping.reply(
            calls()
                .create(
                    GuestMapping.message(
                        new GuestTask(instance, nextTurn()),
                        new GuestSpec(
                            "guest-" + instance.toString().substring(0, 8),
                            kernel ? 96 : 32,
                            1,
                            kernel
                                ? new BootSpec.Kernel(
                                    "/srv/guest/vmlinuz",
                                    "/srv/guest/initrd.gz",
                                    "console=ttyS0 quiet")
                                : new BootSpec.Disk(),
                            List.of(),
                            List.of())))));
  }

  String power(InstanceId instance, PowerAction action) {
    return power(instance, nextTurn(), action);
  }

  String power(InstanceId instance, long atTurn, PowerAction action) {
    return told(
        OrderMapping.reply(
            calls()
                .power(
                    PowerRequest.newBuilder()
                        .setInstance(instance.toString())
                        .setTurn(atTurn)
                        .setAction(action.name())
                        .build())));
  }

  String delete(InstanceId instance) {
    return told(
        OrderMapping.reply(
            calls()
                .delete(
                    DeleteGuestRequest.newBuilder()
                        .setInstance(instance.toString())
                        .setTurn(nextTurn())
                        .build())));
  }

  /** What the plan of a move from that host would find in the way of its guest here. */
  Optional<String> inTheWay(RealAgent source, Move move) {
    GuestFactsMessage guest =
        source
            .calls()
            .describe(DescribeRequest.newBuilder().setInstance(move.instance().toString()).build())
            .getGuest();
    return FactsMapping.destination(
            calls()
                .assess(
                    AssessRequest.newBuilder()
                        .setMigration(move.id().toString())
                        .setInstance(move.instance().toString())
                        .setGuest(guest)
                        .build())
                .getDestination())
        .domainInTheWay();
  }

  AdoptReply adopt(InstanceId instance) {
    return calls().adopt(AdoptRequest.newBuilder().setInstance(instance.toString()).build());
  }

  private static String told(StepReply reply) {
    return reply instanceof StepReply.Refused(var reason) ? reason.code() : "done";
  }

  @Override
  public void close() {
    channel.shutdownNow();
    agent.close();
  }
}
