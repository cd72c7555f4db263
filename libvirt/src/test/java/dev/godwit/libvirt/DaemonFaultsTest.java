package dev.godwit.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A daemon, and a QEMU, that hangs or dies costs a connection and nothing else. */
@ExtendWith(OnRealHosts.class)
class DaemonFaultsTest {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final KeepAlive QUICK = new KeepAlive(Duration.ofSeconds(1), 2);

  private static final NativeConnection.Work<String> HOSTNAME =
      call -> Memory.owned(call.check(call.c().virConnectGetHostname(call.connection())));

  private final Rack rack;
  private final BlockingQueue<DomainEvent> events = new LinkedBlockingQueue<>();

  DaemonFaultsTest(Rack rack) {
    this.rack = rack;
  }

  @AfterEach
  void leaveNoGuest() {
    try (Connection connection = rack.one().open()) {
      Guests.remove(connection);
    }
  }

  @Test
  void a_hung_daemon_costs_a_call_its_deadline_and_the_connection() throws Exception {
    int before = Threads.ofConnections();
    Connection connection = rack.one().open();
    connection.subscribe(events::add);
    try (Connection other = rack.two().open()) {
      rack.one().hang();
      try {
        assertThatThrownBy(() -> Inside.of(connection).call("get the host's name", SHORT, HOSTNAME))
            .isInstanceOfSatisfying(
                LibvirtException.class,
                e -> {
                  assertThat(e.kind()).isEqualTo(LibvirtException.Kind.NO_ANSWER);
                  assertThat(e.isConnectionProblem()).isTrue();
                  assertThat(e.text()).contains("get the host's name").contains("300 ms");
                });
        assertThat(connection.isOpen()).isFalse();
        assertThat(closed().reason()).isEqualTo(CloseReason.DEADLINE);
        assertThatThrownBy(connection::hostname)
            .isInstanceOfSatisfying(
                LibvirtException.class,
                e -> assertThat(e.kind()).isEqualTo(LibvirtException.Kind.NOT_CONNECTED));
        assertThatThrownBy(() -> Connection.open(rack.one().options().withOpenDeadline(SHORT)))
            .isInstanceOfSatisfying(
                LibvirtException.class,
                e -> {
                  assertThat(e.kind()).isEqualTo(LibvirtException.Kind.NO_ANSWER);
                  assertThat(e.text()).contains("open qemu:///system?socket=");
                });
        assertThat(other.hostname()).isEqualTo("h2");
      } finally {
        rack.one().goOn();
      }
      try (Connection again = rack.one().open()) {
        assertThat(again.hostname()).isEqualTo("h1");
      }
    }
    Await.until("the given-up threads have ended", () -> Threads.ofConnections() <= before);
  }

  @Test
  void a_daemon_that_hangs_while_nothing_is_asked_of_it_is_noticed_by_keep_alive()
      throws Exception {
    try (Connection connection = Connection.open(rack.one().options().withKeepAlive(QUICK))) {
      connection.subscribe(events::add);
      rack.one().hang();
      try {
        assertThat(closed().reason()).isEqualTo(CloseReason.KEEP_ALIVE);
        assertThat(connection.isOpen()).isFalse();
        assertThatThrownBy(connection::hostname)
            .isInstanceOfSatisfying(
                LibvirtException.class, e -> assertThat(e.isConnectionProblem()).isTrue());
      } finally {
        rack.one().goOn();
      }
    }
  }

  @Test
  void closing_a_connection_to_a_hung_daemon_takes_no_time_and_leaves_nothing() throws Exception {
    int before = Threads.ofConnections();
    Connection connection = Connection.open(rack.one().options().withKeepAlive(QUICK));
    connection.subscribe(events::add);
    rack.one().hang();
    try {
      connection.close();
      assertThat(closed().reason()).isEqualTo(CloseReason.CLIENT);
      // its keep-alive ends what hangs, with no help of the daemon
      Await.until("its threads have ended", () -> Threads.ofConnections() <= before);
    } finally {
      rack.one().goOn();
    }
  }

  @Test
  void a_killed_daemon_ends_the_connection_and_a_new_one_finds_the_guest() throws Exception {
    try (Connection connection = rack.one().open()) {
      connection.subscribe(events::add);
      Domain guest = connection.create(TinyGuest.still(rack, "survivor"), List.of());
      rack.one().kill();
      try {
        assertThat(closed().reason()).isEqualTo(CloseReason.END_OF_FILE);
        assertThat(connection.isOpen()).isFalse();
        assertThatThrownBy(guest::state)
            .isInstanceOfSatisfying(
                LibvirtException.class,
                e -> {
                  assertThat(e.kind()).isEqualTo(LibvirtException.Kind.REPORTED);
                  assertThat(e.errorDomain()).isEqualTo(ErrorDomain.RPC);
                  assertThat(e.isConnectionProblem()).isTrue();
                  assertThat(e.isNoDomain()).isFalse();
                });
        assertThatThrownBy(rack.one()::open)
            .isInstanceOfSatisfying(
                LibvirtException.class, e -> assertThat(e.isConnectionProblem()).isTrue());
      } finally {
        rack.one().start();
        rack.one().awaitUp();
      }
      try (Connection again = rack.one().open()) {
        assertThat(again.domain(guest.uuid()).state().state()).isEqualTo(DomainState.RUNNING);
      }
    }
  }

  @Test
  void a_daemon_that_is_killed_in_mid_call_fails_the_call_at_once() throws Exception {
    try (Connection connection = rack.one().open()) {
      connection.subscribe(events::add);
      rack.one().hang();
      var call =
          java.util.concurrent.CompletableFuture.supplyAsync(
              connection::hostname, Thread::startVirtualThread);
      try {
        Await.until("the call is made", () -> Threads.isInside("virConnectGetHostname"));
        rack.one().kill();
        assertThatThrownBy(call::join)
            .cause()
            .isInstanceOfSatisfying(
                LibvirtException.class,
                e -> {
                  assertThat(e.kind()).isEqualTo(LibvirtException.Kind.REPORTED);
                  assertThat(e.isConnectionProblem()).isTrue();
                });
        assertThat(closed().reason()).isEqualTo(CloseReason.END_OF_FILE);
      } finally {
        rack.one().start();
        rack.one().awaitUp();
      }
    }
  }

  @Test
  void a_hung_qemu_costs_one_connection_and_the_daemon_answers_others() throws Exception {
    try (Connection connection = rack.one().open()) {
      Domain guest = connection.create(TinyGuest.still(rack, "hung"), List.of());
      ProcessHandle qemu = rack.qemu("hung");
      HypervisorHost.signal(qemu, "STOP");
      try (Connection asks = rack.one().open()) {
        assertThatThrownBy(() ->
                Inside.of(asks.domain(guest.uuid()))
                    .call(
                        "suspend",
                        SHORT,
                        (call, domain) -> call.check(call.c().virDomainSuspend(domain))))
            .isInstanceOfSatisfying(
                LibvirtException.class,
                e -> assertThat(e.kind()).isEqualTo(LibvirtException.Kind.NO_ANSWER));
        assertThat(asks.isOpen()).isFalse();
        assertThat(guest.state().state()).isEqualTo(DomainState.RUNNING);
        try (Connection another = rack.one().open()) {
          assertThat(another.list(List.of())).hasSize(1);
        }
      } finally {
        HypervisorHost.signal(qemu, "CONT");
      }
      // the late result of the call that nobody waits for: it was carried out all the same
      Await.until(
          "the guest is suspended", () -> guest.state().reason() == StateReason.PAUSED_USER);
    }
  }

  @Test
  void fifty_connections_leave_no_file_and_no_thread() throws Exception {
    cycle();
    Await.until("all is quiet", () -> Libvirt.lingeringConnections() == 0);
    int threads = Threads.ofConnections();
    long files = openFiles();
    for (int i = 0; i < 50; i++) {
      cycle();
    }
    Await.until("no thread is left", () -> Threads.ofConnections() <= threads);
    Await.until("no file is left", () -> openFiles() <= files);
  }

  @Test
  void connections_to_a_daemon_that_was_killed_leave_no_file_and_no_thread() throws Exception {
    Await.until("all is quiet", () -> Libvirt.lingeringConnections() == 0);
    int threads = Threads.ofConnections();
    long files = openFiles();
    List<Connection> connections = Stream.generate(rack.one()::open).limit(10).toList();
    connections.forEach(it -> it.subscribe(events::add));
    rack.one().kill();
    try {
      for (Connection connection : connections) {
        closed();
        connection.close();
      }
    } finally {
      rack.one().start();
      rack.one().awaitUp();
    }
    Await.until("no thread is left", () -> Threads.ofConnections() <= threads);
    Await.until("no file is left", () -> openFiles() <= files);
  }

  private void cycle() {
    try (Connection connection = rack.one().open()) {
      connection.subscribe(events::add);
      assertThat(connection.list(List.of())).isEmpty();
    }
  }

  private DomainEvent.ConnectionClosed closed() {
    return (DomainEvent.ConnectionClosed)
        Await.next("the end", events, it -> it instanceof DomainEvent.ConnectionClosed);
  }

  private static long openFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return files.filter(DaemonFaultsTest::isSocket).count();
    }
  }

  private static boolean isSocket(Path file) {
    try {
      return Files.readSymbolicLink(file).toString().startsWith("socket:");
    } catch (IOException e) {
      return false; // closed since
    }
  }
}
