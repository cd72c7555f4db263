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
  void theHostIsDescribed() {
    assertThat(connection.driver()).isEqualTo("TEST");
    assertThat(connection.hypervisorVersion()).isPositive();
    assertThat(connection.libvirtVersion()).isGreaterThanOrEqualTo(9_000_000);
    assertThat(connection.hostname()).isNotBlank();
    assertThat(connection.capabilitiesXml()).contains("<capabilities>");
    assertThat(connection.nodeInfo().activeCpus()).isPositive();
    assertThat(connection.freeMemoryBytes()).isPositive();
  }

  @Test
  void aDomainLivesFromDefinitionToItsEnd() {
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
  void aDomainOfNobodyIsAnErrorWithLibvirtsCodeDomainLevelAndText() {
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
  void everyOneOfManyVirtualThreadsGetsItsOwnError() throws Exception {
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
  void lifecycleEventsArriveInOrderAndTheLastOneIsTheEndOfTheConnection() throws Exception {
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
  void aSubscriberThatThrowsHarmsNobodyElse() throws Exception {
    BlockingQueue<DomainEvent> seen = new LinkedBlockingQueue<>();
    connection.subscribe(event -> {
      throw new IllegalStateException("a bad subscriber, on purpose");
    });
    connection.subscribe(seen::add);
    connection.domainNamed("test").orElseThrow().suspend();
    assertThat(seen.poll(5, TimeUnit.SECONDS)).isInstanceOf(DomainEvent.Lifecycle.class);
  }

  @Test
  void aClosedConnectionMakesNoCalls() {
    connection.close();
    connection.close();
    assertThatThrownBy(() -> connection.hostname())
        .isInstanceOfSatisfying(
            LibvirtException.class,
            e -> assertThat(e.kind()).isEqualTo(LibvirtException.Kind.NOT_CONNECTED));
  }

  @Test
  void aCallOverItsDeadlineCostsTheConnectionAndNothingElse() {
    int stuckBefore = CallThread.stuck();
    assertThatThrownBy(() ->
            connection.call(
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
    assertThat(CallThread.stuck()).isEqualTo(stuckBefore + 1);
    try (Connection other = Connection.open(ConnectionOptions.to("test:///default"))) {
      assertThat(other.driver()).isEqualTo("TEST");
    }
  }

  @Test
  void anAddressThatNobodyServesIsRefusedWithAReason() {
    assertThatThrownBy(() ->
            Connection.open(
                ConnectionOptions.to("qemu:///system?socket=/nonexistent/libvirt-sock")))
        .isInstanceOfSatisfying(
            LibvirtException.class, e -> assertThat(e.isConnectionProblem()).isTrue())
        .hasMessageContaining("/nonexistent/libvirt-sock");
  }
}
