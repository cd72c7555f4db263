package dev.godwit.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The binding against libvirt's own test driver, which lives inside this process. */
class TestDriverTest {
  private Connection connection;

  @BeforeEach
  void open() {
    connection = Connection.open(ConnectionOptions.to("test:///default"));
  }

  @AfterEach
  void close() {
    connection.close();
  }

  @Test
  void the_host_is_described() {
    assertThat(connection.driver()).isEqualTo("TEST");
    assertThat(connection.hypervisorVersion()).isPositive();
    assertThat(connection.libvirtVersion()).isGreaterThanOrEqualTo(9_000_000);
    assertThat(connection.hostname()).isNotBlank();
    assertThat(connection.capabilitiesXml()).contains("<capabilities>");
    assertThat(connection.nodeInfo().activeCpus()).isPositive();
    assertThat(connection.freeMemoryBytes()).isPositive();
  }

  @Test
  void a_domain_lives_from_definition_to_its_end() {
    UUID uuid = UUID.randomUUID();
    Domain domain =
        connection.define(
            """
            <domain type='test'><name>life</name><uuid>%s</uuid><memory>65536</memory>
              <os><type>hvm</type></os></domain>
            """
                .formatted(uuid));
    assertThat(domain.uuid()).isEqualTo(uuid);
    assertThat(domain.isActive()).isFalse();
    domain.start();
    assertThat(domain.state().reason()).isEqualTo(StateReason.RUNNING_BOOTED);
    domain.suspend();
    domain.resume();
    assertThat(domain.state().state()).isEqualTo(DomainState.RUNNING);
    domain.suspend();
    assertThat(domain.state().reason()).isEqualTo(StateReason.PAUSED_USER);
    domain.destroy();
    assertThat(domain.id()).isEmpty();
    domain.undefine();
    assertThat(domain.exists()).isFalse();
    assertThat(connection.list(List.of()))
        .extracting(DomainSummary::name)
        .contains("test")
        .doesNotContain("life");
  }

  @Test
  void a_domain_of_nobody_is_an_error_with_libvirts_code_domain_level_and_text() {
    UUID nobody = UUID.randomUUID();
    assertThatThrownBy(() -> connection.domain(nobody).state())
        .isInstanceOfSatisfying(
            LibvirtException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(LibvirtException.Kind.REPORTED);
              assertThat(e.errorCode()).isEqualTo(ErrorCode.NO_DOMAIN);
              assertThat(e.isNoDomain()).isTrue();
              assertThat(e.errorDomain()).isEqualTo(ErrorDomain.TEST);
              assertThat(e.level()).isEqualTo(ErrorLevel.ERROR);
              assertThat(e.text()).contains("Domain not found");
            });
    assertThat(connection.isOpen()).isTrue();
    assertThat(connection.domainNamed("nobody")).isEmpty();
  }

  @Test
  void every_one_of_many_virtual_threads_gets_its_own_error() throws Exception {
    try (ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<String>> lookups =
          java.util.stream.IntStream.range(0, 50)
              .<Callable<String>>mapToObj(i ->
                  () -> {
                    try {
                      connection.domain(new UUID(7, i)).state();
                      return "found";
                    } catch (LibvirtException e) {
                      return e.isNoDomain() ? "none" : e.text();
                    }
                  })
              .toList();
      for (Future<String> one : many.invokeAll(lookups)) {
        assertThat(one.get()).isEqualTo("none");
      }
    }
  }

  @Test
  void lifecycle_events_arrive_in_order_and_the_last_one_is_the_end_of_the_connection()
      throws Exception {
    BlockingQueue<DomainEvent> seen = new LinkedBlockingQueue<>();
    connection.subscribe(seen::add);
    Domain domain = connection.domainNamed("test").orElseThrow();
    domain.suspend();
    domain.resume();
    assertThat(seen.poll(5, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            DomainEvent.Lifecycle.class,
            e -> {
              assertThat(e.event()).isEqualTo(LifecycleEvent.SUSPENDED);
              assertThat(e.detail()).isEqualTo(LifecycleDetail.SUSPENDED_PAUSED);
              assertThat(e.name()).isEqualTo("test");
            });
    assertThat(seen.poll(5, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            DomainEvent.Lifecycle.class,
            e -> assertThat(e.detail()).isEqualTo(LifecycleDetail.RESUMED_UNPAUSED));
    connection.close();
    assertThat(seen.poll(5, TimeUnit.SECONDS)).isInstanceOf(DomainEvent.ConnectionClosed.class);
  }

  @Test
  void a_subscriber_that_throws_harms_nobody_else() throws Exception {
    BlockingQueue<DomainEvent> seen = new LinkedBlockingQueue<>();
    connection.subscribe(event -> {
      throw new IllegalStateException("a bad subscriber, on purpose");
    });
    connection.subscribe(seen::add);
    connection.domainNamed("test").orElseThrow().suspend();
    assertThat(seen.poll(5, TimeUnit.SECONDS)).isInstanceOf(DomainEvent.Lifecycle.class);
  }

  @Test
  void a_closed_connection_makes_no_calls() {
    connection.close();
    connection.close();
    assertThatThrownBy(() -> connection.hostname())
        .isInstanceOfSatisfying(
            LibvirtException.class,
            e -> assertThat(e.kind()).isEqualTo(LibvirtException.Kind.NOT_CONNECTED));
  }

  @Test
  void a_call_over_its_deadline_costs_the_connection_and_nothing_else() {
    Await.until("all is quiet", () -> Libvirt.lingeringConnections() == 0);
    assertThatThrownBy(() ->
            Inside.of(connection)
                .call(
                    "a call that hangs",
                    Duration.ofMillis(50),
                    call -> {
                      try {
                        Thread.sleep(400);
                      } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                      }
                      return 0;
                    }))
        .isInstanceOfSatisfying(
            LibvirtException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(LibvirtException.Kind.NO_ANSWER);
              assertThat(e.isConnectionProblem()).isTrue();
            });
    assertThat(connection.isOpen()).isFalse();
    assertThat(Libvirt.lingeringConnections()).isEqualTo(1);
    try (Connection other = Connection.open(ConnectionOptions.to("test:///default"))) {
      assertThat(other.driver()).isEqualTo("TEST");
    }
  }

  @Test
  void an_address_that_nobody_serves_is_refused_with_a_reason() {
    assertThatThrownBy(() ->
            Connection.open(
                ConnectionOptions.to("qemu:///system?socket=/nonexistent/libvirt-sock")))
        .isInstanceOfSatisfying(
            LibvirtException.class, e -> assertThat(e.isConnectionProblem()).isTrue())
        .hasMessageContaining("/nonexistent/libvirt-sock");
  }
}
