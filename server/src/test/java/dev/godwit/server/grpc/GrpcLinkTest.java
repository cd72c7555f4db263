package dev.godwit.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.plan.GuestFacts;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.model.GuestListing;
import dev.godwit.core.model.GuestTask;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.MigrationSample;
import dev.godwit.core.model.PowerAction;
import dev.godwit.core.port.Answer;
import dev.godwit.server.Await;
import dev.godwit.server.Relay;
import dev.godwit.server.Sql;
import dev.godwit.server.fleet.AllocationRatios;
import dev.godwit.server.fleet.Fleet;
import dev.godwit.server.fleet.News;
import dev.godwit.server.store.Database;
import dev.godwit.server.store.DatabaseAddress;
import dev.godwit.server.store.HostRows;
import dev.godwit.wire.CallTrouble;
import dev.godwit.wire.MutualTls;
import dev.godwit.wire.proto.AgentEvent;
import dev.godwit.wire.proto.Announcement;
import dev.godwit.wire.proto.AnnouncementReply;
import dev.godwit.wire.proto.DescribeReply;
import dev.godwit.wire.proto.DescribeRequest;
import dev.godwit.wire.proto.GuestListingMessage;
import dev.godwit.wire.proto.HostAgentGrpc;
import dev.godwit.wire.proto.PowerRequest;
import dev.godwit.wire.proto.RegistryGrpc;
import dev.godwit.wire.proto.ReplyMessage;
import dev.godwit.wire.proto.WatchRequest;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The link to agents over real mutual TLS. */
final class GrpcLinkTest {
  private static final HostName HOST = new HostName("host1");

  /** Less than it takes until a connection that was cut is found dead by itself. */
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(4);

  private static final InstanceId GUEST = new InstanceId(UUID.randomUUID());

  @TempDir static Path keys;
  @TempDir Path folder;

  private static Certificates certificates;
  private static MutualTls ours;
  private static MutualTls agents;
  private static MutualTls elsewhere;
  private static MutualTls strangers;

  private Database database;
  private Fleet fleet;
  private GrpcLink link;
  private Server agent;
  private final List<HostName> heard = new CopyOnWriteArrayList<>();
  private final List<GuestListing> reported = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void makeCertificates() {
    certificates = new Certificates(keys);
    certificates.authority("ca");
    certificates.authority("other-ca");
    ours = certificates.issue("server", "ca", 30);
    agents = certificates.issue("agent", "ca", 30);
    elsewhere = certificates.issue("elsewhere", "ca", 30, "DNS:HOST1,IP:192.0.2.7");
    strangers = certificates.issue("stranger", "other-ca", 30);
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  @BeforeEach
  void start() throws IOException {
    database = Database.open(new DatabaseAddress.Sqlite(folder.resolve("godwit.db")));
    fleet =
        new Fleet(
            new HostRows(database, UUID::randomUUID), AllocationRatios.DEFAULT, Clock.systemUTC());
    link = new GrpcLink(anyPort(), ours);
    link.start(
        fleet,
        new News() {
          @Override
          public void heard(HostName host) {
            heard.add(host);
          }

          @Override
          public void seen(HostName host, MigrationId migration, HostView view) {}

          @Override
          public void progress(MigrationId migration, MigrationSample sample) {}

          @Override
          public void guest(HostName host, GuestListing guest) {
            reported.add(guest);
          }

          @Override
          public void guests(HostName host, List<GuestListing> guests) {
            reported.addAll(guests);
          }
        });
    agent =
        Grpc.newServerBuilderForPort(0, agents.server())
            .addService(new SilentAgent())
            .build()
            .start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    link.close();
    agent.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    database.close();
  }

  /** Answers nothing to power, nonsense to describe, and reports one guest. */
  private static final class SilentAgent extends HostAgentGrpc.HostAgentImplBase {
    @Override
    public void power(PowerRequest request, StreamObserver<ReplyMessage> to) {}

    @Override
    public void describe(DescribeRequest request, StreamObserver<DescribeReply> to) {
      DescribeReply.Builder reply = DescribeReply.newBuilder();
      reply.getGuestBuilder().setPowerState("FLYING");
      to.onNext(reply.build());
      to.onCompleted();
    }

    @Override
    public void watch(WatchRequest request, StreamObserver<AgentEvent> to) {
      to.onNext(
          AgentEvent.newBuilder()
              .setPower(
                  GuestListingMessage.newBuilder()
                      .setInstance(GUEST.toString())
                      .setName("vm1")
                      .setPowerState("PAUSED"))
              .build());
    }
  }

  private AnnouncementReply announce(MutualTls tls, String host) throws InterruptedException {
    return announce(tls, host, "127.0.0.1", "machine-1");
  }

  private AnnouncementReply announce(MutualTls tls, String host, String address, String identity)
      throws InterruptedException {
    return announce(tls, host, address, identity, agent.getPort());
  }

  private AnnouncementReply announce(
      MutualTls tls, String host, String address, String identity, int port)
      throws InterruptedException {
    ManagedChannel channel =
        Grpc.newChannelBuilder("127.0.0.1:" + link.port(), tls.client()).build();
    try {
      return RegistryGrpc.newBlockingStub(channel)
          .withDeadlineAfter(20, TimeUnit.SECONDS)
          .announce(
              Announcement.newBuilder()
                  .setHost(host)
                  .setNode(host)
                  .setAddress(address)
                  .setAgentTarget(address + ":" + port)
                  .setIdentity(identity)
                  .setMemoryMib(1024)
                  .build());
    } finally {
      channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }
  }

  @Test
  void an_agent_announces_itself_and_is_heard_from_then_on() throws InterruptedException {
    AnnouncementReply reply = announce(agents, "host1");

    assertThat(reply.hasRefusal()).isFalse();
    assertThat(fleet.find(HOST).orElseThrow().up()).isTrue();
    Await.until("its news", () -> reported, it -> !it.isEmpty());
    assertThat(reported.getFirst().id()).isEqualTo(GUEST);
  }

  @Test
  void a_host_is_told_as_heard_when_its_news_begin_and_not_with_each_announcement()
      throws Exception {
    announce(agents, "host1");
    announce(agents, "host1");
    assertThat(heard).containsExactly(HOST);

    int port = agent.getPort();
    agent.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    agent =
        Grpc.newServerBuilderForPort(port, agents.server())
            .addService(new SilentAgent())
            .build()
            .start();
    Await.until(
        "the host again",
        () -> {
          announced();
          return heard;
        },
        it -> it.size() == 2);
  }

  private void announced() {
    try {
      announce(agents, "host1");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void another_machine_under_the_same_name_is_refused_and_never_spoken_to() throws Exception {
    announce(agents, "host1");

    AnnouncementReply reply = announce(elsewhere, "host1", "192.0.2.7", "machine-2");

    assertThat(reply.getRefusal().getCode()).isEqualTo("host-name-taken");
    assertThat(link.hosts().describe(HOST, GUEST).toString()).contains("answers nonsense");
  }

  @Test
  void an_announcement_of_a_host_whose_row_cannot_be_read_is_refused_with_what_to_do()
      throws InterruptedException {
    announce(agents, "host1");
    Sql.run(
        folder.resolve("godwit.db"),
        "UPDATE hosts SET inventory = json_insert(inventory, '$.invented_later', 1)");

    AnnouncementReply reply = announce(agents, "host1");

    assertThat(reply.getRefusal().getCode()).isEqualTo("server");
    assertThat(reply.getRefusal().getFound())
        .contains("host host1 cannot be read", "start that version again");
  }

  @Test
  void an_announcement_that_names_no_machine_is_refused() throws InterruptedException {
    AnnouncementReply reply = announce(agents, "host1", "127.0.0.1", "");

    assertThat(reply.getRefusal().getFound()).contains("identity");
    assertThat(fleet.members()).isEmpty();
  }

  @Test
  void a_certificate_that_names_neither_the_host_nor_its_address_does_not_speak_for_it()
      throws InterruptedException {
    AnnouncementReply reply = announce(elsewhere, "host2", "127.0.0.1", "machine-1");

    assertThat(reply.getRefusal().getCode()).isEqualTo("certificate");
    assertThat(reply.getRefusal().getExpected()).contains("host2 or 127.0.0.1");
    assertThat(reply.getRefusal().getFound()).contains("192.0.2.7, elsewhere, host1");
    assertThat(fleet.members()).isEmpty();
  }

  @Test
  void a_certificate_for_another_address_does_not_move_a_known_host_there()
      throws InterruptedException {
    assertThat(announce(agents, "host2").hasRefusal()).isFalse();

    AnnouncementReply reply = announce(elsewhere, "host2", "192.0.2.7", "machine-1");

    assertThat(reply.getRefusal().getCode()).isEqualTo("certificate");
    assertThat(fleet.members())
        .singleElement()
        .satisfies(it -> assertThat(it.row().inventory().address()).isEqualTo("127.0.0.1"));
  }

  @Test
  void a_certificate_with_the_hosts_name_speaks_for_it_at_any_address()
      throws InterruptedException {
    assertThat(announce(agents, "host1").hasRefusal()).isFalse();
    assertThat(announce(elsewhere, "host1", "192.0.2.9", "machine-1").hasRefusal()).isFalse();
  }

  @Test
  void a_stranger_is_not_listened_to() {
    assertThatThrownBy(() -> announce(strangers, "host1"))
        .isInstanceOf(StatusRuntimeException.class);
    assertThat(fleet.members()).isEmpty();
  }

  @Test
  void a_stranger_behind_a_hosts_address_is_not_spoken_to() throws Exception {
    Server impostor =
        Grpc.newServerBuilderForPort(0, strangers.server())
            .addService(new SilentAgent())
            .build()
            .start();
    try {
      Server honest = agent;
      agent = impostor;
      announce(agents, "host1");
      agent = honest;

      Answer<GuestFacts> answer = link.hosts().describe(HOST, GUEST);
      assertThat(answer).isInstanceOf(Answer.Silent.class);
      assertThat(answer.toString()).contains("host1: UNAVAILABLE TLS failed", "tls.ca");
    } finally {
      impostor.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }
  }

  @Test
  void a_call_that_fails_is_told_in_one_line_with_what_to_do_about_certificates() {
    SSLException alert = new SSLException("CERTIFICATE_REQUIRED");
    StatusRuntimeException tls =
        Status.UNAVAILABLE
            .withDescription("ssl exception")
            .withCause(new IllegalStateException("decoding", alert))
            .asRuntimeException();
    StatusRuntimeException refused =
        Status.UNAVAILABLE
            .withDescription("io exception")
            .withCause(new IOException("Connection refused\n\tat somewhere"))
            .asRuntimeException();

    assertThat(CallTrouble.of(tls))
        .startsWith("UNAVAILABLE TLS failed: CERTIFICATE_REQUIRED. See that tls.cert");
    assertThat(CallTrouble.of(refused)).isEqualTo("UNAVAILABLE io exception: Connection refused");
    assertThat(CallTrouble.of(Status.CANCELLED.asRuntimeException())).isEqualTo("CANCELLED");
  }

  @Test
  void an_announcement_that_names_no_host_is_refused() throws InterruptedException {
    AnnouncementReply reply = announce(agents, "../etc");

    assertThat(reply.getRefusal().getCode()).isEqualTo("announcement");
    assertThat(fleet.members()).isEmpty();
  }

  @Test
  void an_agent_that_answers_nonsense_is_silent() throws InterruptedException {
    announce(agents, "host1");

    Answer<?> answer = link.hosts().describe(HOST, GUEST);

    assertThat(answer).isInstanceOf(Answer.Silent.class);
    assertThat(answer.toString()).contains("answers nonsense").contains("FLYING");
  }

  @Test
  void a_host_that_never_announced_itself_is_silent() {
    assertThat(link.guests().power(HOST, new GuestTask(GUEST, 1), PowerAction.STOP))
        .isEqualTo(
            new StepReply.Unanswered(
                "host1 has not announced itself to this server since it started"));
  }

  @Test
  void an_agent_that_never_answers_is_silent_when_the_deadline_has_passed() throws Exception {
    announce(agents, "host1");
    GrpcHosts hurried = new GrpcHosts(link.channels(), Duration.ofMillis(300));

    StepReply reply = hurried.power(HOST, new GuestTask(GUEST, 1), PowerAction.STOP);

    assertThat(reply).isInstanceOf(StepReply.Unanswered.class);
    assertThat(reply.toString()).contains("DEADLINE_EXCEEDED");
  }

  @Test
  void an_agent_that_is_heard_after_a_cut_is_not_called_on_the_connection_that_was_cut()
      throws Exception {
    try (Relay relay = new Relay(agent.getPort())) {
      announce(agents, "host1", "127.0.0.1", "machine-1", relay.port());
      assertThat(describe(LONG_ENOUGH).toString()).contains("answers nonsense");
      relay.freeze();
      assertThat(describe(Duration.ofMillis(300)).toString()).contains("DEADLINE_EXCEEDED");
      relay.mendForNew();

      announce(agents, "host1", "127.0.0.1", "machine-1", relay.port());

      assertThat(describe(LONG_ENOUGH).toString()).contains("answers nonsense");
      Await.until("its news again", () -> heard, it -> it.size() == 2);
    }
  }

  @Test
  void a_connection_is_given_up_after_the_silence_that_is_told_and_not_before() throws Exception {
    try (Relay relay = new Relay(agent.getPort())) {
      announce(agents, "host1", "127.0.0.1", "machine-1", relay.port());
      assertThat(describe(LONG_ENOUGH).toString()).contains("answers nonsense");
      relay.freeze();
      long began = System.nanoTime();

      StepReply reply = link.guests().power(HOST, new GuestTask(GUEST, 1), PowerAction.STOP);

      assertThat(reply.toString()).contains("Unanswered").contains("UNAVAILABLE");
      assertThat(Duration.ofNanos(System.nanoTime() - began))
          .isBetween(Channels.SILENT_AFTER.minusSeconds(1), Channels.SILENT_AFTER.plusSeconds(3));
    }
  }

  private Answer<?> describe(Duration longest) {
    return new GrpcHosts(link.channels(), longest).describe(HOST, GUEST);
  }

  @Test
  void a_machine_whose_agent_is_dead_still_shows_that_it_is_switched_on() throws Exception {
    int port = agent.getPort();
    assertThat(link.hosts().answers(HOST, "127.0.0.1:" + port)).as("never announced").isTrue();

    agent.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);

    assertThat(link.hosts().answers(HOST, "127.0.0.1:" + port)).as("refused").isTrue();
    try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      List<Socket> waiting = untilNobodyIsTakenIn(deaf);
      assertThat(link.hosts().answers(HOST, "127.0.0.1:" + deaf.getLocalPort()))
          .as("no answer at all")
          .isFalse();
      for (Socket each : waiting) {
        each.close();
      }
    }
  }

  /** The kernel drops what comes to a full queue, as a network does before a dead machine. */
  private static List<Socket> untilNobodyIsTakenIn(ServerSocket door) throws IOException {
    List<Socket> waiting = new ArrayList<>();
    while (true) {
      Socket next = new Socket();
      waiting.add(next);
      try {
        next.connect(door.getLocalSocketAddress(), 300);
      } catch (SocketTimeoutException full) {
        return waiting;
      }
    }
  }

  @Test
  void certificates_of_one_authority_that_are_valid_now_are_good() {
    assertThatCode(() -> ours.check(Clock.systemUTC())).doesNotThrowAnyException();
  }

  @Test
  void an_expired_certificate_is_refused_with_a_sentence() {
    Clock later = Clock.offset(Clock.systemUTC(), Duration.ofDays(40));

    assertThatThrownBy(() -> ours.check(later))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a certificate that is valid now")
        .hasMessageContaining("Issue a new one");
  }

  @Test
  void a_file_of_certificates_that_is_not_there_is_named_and_not_called_expired() {
    MutualTls missing = new MutualTls(Path.of("/no/such/ca.pem"), ours.cert(), ours.key());

    assertThatThrownBy(() -> missing.check(Clock.systemUTC()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "tls.ca: expected a file of certificates, found none at /no/such/ca.pem");
  }

  @Test
  void a_certificate_of_another_authority_is_refused_with_a_sentence() {
    MutualTls foreign = new MutualTls(ours.ca(), strangers.cert(), strangers.key());

    assertThatThrownBy(() -> foreign.check(Clock.systemUTC()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tls.cert: expected a certificate that " + ours.ca() + " signed");
  }

  @Test
  void a_key_of_another_certificate_is_refused_with_a_sentence() {
    MutualTls mixed = new MutualTls(ours.ca(), ours.cert(), agents.key());

    assertThatThrownBy(() -> mixed.check(Clock.systemUTC()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tls.key: expected the key of " + ours.cert());
  }

  @Test
  void files_that_are_missing_or_broken_are_refused_with_a_sentence() {
    Path nothing = keys.resolve("nothing");

    assertThatThrownBy(
            () -> new MutualTls(nothing, ours.cert(), ours.key()).check(Clock.systemUTC()))
        .hasMessageContaining("tls.ca")
        .hasMessageContaining(nothing.toString());
    assertThatThrownBy(
            () -> new MutualTls(ours.ca(), ours.key(), ours.key()).check(Clock.systemUTC()))
        .hasMessageContaining("tls.cert");
    assertThatThrownBy(
            () -> new MutualTls(ours.ca(), ours.cert(), ours.cert()).check(Clock.systemUTC()))
        .hasMessageContaining("tls.key");
  }
}
