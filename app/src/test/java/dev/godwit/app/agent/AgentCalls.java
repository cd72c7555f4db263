package dev.godwit.app.agent;

import dev.godwit.core.migration.Act;
import dev.godwit.core.migration.Order;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.plan.DepartureFacts;
import dev.godwit.core.migration.plan.DestinationFacts;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.TransferRecord;
import dev.godwit.core.model.BootSpec;
import dev.godwit.core.model.DiskSpec;
import dev.godwit.core.model.Epoch;
import dev.godwit.core.model.GuestListing;
import dev.godwit.core.model.GuestSpec;
import dev.godwit.core.model.GuestTask;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.PowerAction;
import dev.godwit.lab.host.Await;
import dev.godwit.wire.FactsMapping;
import dev.godwit.wire.GuestMapping;
import dev.godwit.wire.MutualTls;
import dev.godwit.wire.OrderMapping;
import dev.godwit.wire.PlanMapping;
import dev.godwit.wire.ViewMapping;
import dev.godwit.wire.proto.AdoptReply;
import dev.godwit.wire.proto.AdoptRequest;
import dev.godwit.wire.proto.AgentEvent;
import dev.godwit.wire.proto.AssessRequest;
import dev.godwit.wire.proto.DeleteGuestRequest;
import dev.godwit.wire.proto.DepartRequest;
import dev.godwit.wire.proto.DescribeReply;
import dev.godwit.wire.proto.DescribeRequest;
import dev.godwit.wire.proto.HostAgentGrpc;
import dev.godwit.wire.proto.ListGuestsRequest;
import dev.godwit.wire.proto.MarkRequest;
import dev.godwit.wire.proto.ObserveRequest;
import dev.godwit.wire.proto.PowerRequest;
import dev.godwit.wire.proto.WatchRequest;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** An agent, spoken to as the server does it. */
final class AgentCalls implements AutoCloseable {
  static final Duration SOON = Duration.ofSeconds(60);

  /** As a server counts tasks: each is later than all before. */
  private static final AtomicLong TURNS = new AtomicLong();

  private final HostName host;
  private final ManagedChannel channel;

  AgentCalls(HostName host, int port, MutualTls tls) {
    this.host = host;
    this.channel = Grpc.newChannelBuilder("127.0.0.1:" + port, tls.client()).build();
  }

  HostName host() {
    return host;
  }

  private HostAgentGrpc.HostAgentBlockingStub calls() {
    return HostAgentGrpc.newBlockingStub(channel)
        .withDeadlineAfter(SOON.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Its news from now on. */
  Queue<AgentEvent> news() {
    Queue<AgentEvent> news = new ConcurrentLinkedQueue<>();
    HostAgentGrpc.newStub(channel).watch(WatchRequest.getDefaultInstance(), into(news));
    Await.until("the watch to be heard", SOON, () -> !news.isEmpty());
    return news;
  }

  private static StreamObserver<AgentEvent> into(Queue<AgentEvent> news) {
    return new StreamObserver<>() {
      @Override
      public void onNext(AgentEvent event) {
        news.add(event);
      }

      @Override
      public void onError(Throwable ended) {}

      @Override
      public void onCompleted() {}
    };
  }

  static long nextTurn() {
    return TURNS.incrementAndGet();
  }

  /** "done", or the refusal's code. */
  String order(Move move, Act act) {
    return order(move, 1, act);
  }

  String order(Move move, int epoch, Act act) {
    return order(new Order(move.id(), new Epoch(epoch), move.instance(), host, act));
  }

  String order(Order order) {
    return told(OrderMapping.reply(calls().execute(OrderMapping.message(order))));
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

  /** With a kernel it has something in its memory. */
  String create(InstanceId instance, boolean kernel, DiskSpec... disks) {
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
                            List.of(disks),
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

  List<GuestListing> list() {
    return calls().list(ListGuestsRequest.getDefaultInstance()).getGuestsList().stream()
        .map(GuestMapping::guest)
        .toList();
  }

  DescribeReply describe(InstanceId instance) {
    return calls().describe(DescribeRequest.newBuilder().setInstance(instance.toString()).build());
  }

  /** What the plan of a move from that host would find here. */
  DestinationFacts assess(AgentCalls source, Move move) {
    return FactsMapping.destination(
        calls()
            .assess(
                AssessRequest.newBuilder()
                    .setFence(OrderMapping.fence(move.id(), new Epoch(1)))
                    .setInstance(move.instance().toString())
                    .setGuest(source.describe(move.instance()).getGuest())
                    .build())
            .getDestination());
  }

  DepartureFacts depart(Move move, TransferPlan plan) {
    return PlanMapping.departure(
        calls()
            .depart(
                DepartRequest.newBuilder()
                    .setInstance(move.instance().toString())
                    .setPlan(PlanMapping.message(plan))
                    .build())
            .getDeparture());
  }

  List<String> mark(Move move, boolean present, String disk) {
    return calls()
        .mark(
            MarkRequest.newBuilder()
                .setFence(OrderMapping.fence(move.id(), new Epoch(1)))
                .addDiskPaths(disk)
                .setPresent(present)
                .build())
        .getMarkedDiskPathsList();
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
  }
}
