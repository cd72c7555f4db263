package dev.godwit.libvirt;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The functions that libvirt calls, called as C would. */
class UpcallsTest {
  private static final long NUMBER = Long.MAX_VALUE - 1;
  private static final MemorySegment OPAQUE = MemorySegment.ofAddress(NUMBER);
  private static final int AGENT_LIFECYCLE = 18;

  private final EventSource source = new EventSource(NUMBER);
  private final BlockingQueue<DomainEvent> seen = new LinkedBlockingQueue<>();

  @BeforeEach
  void register() {
    EventSource.register(source);
    source.subscribe(seen::add);
  }

  @AfterEach
  void end() {
    source.closed(CloseReason.CLIENT);
    EventSource.unregister(source);
  }

  @Test
  void the_agent_inside_the_guest_comes_and_goes_as_an_event() throws Throwable {
    MethodHandle agent = function(requireNonNull(Upcalls.BY_EVENT_ID.get(AGENT_LIFECYCLE)));
    try (Connection connection = Connection.open(ConnectionOptions.to("test:///default"))) {
      UUID uuid = connection.domainNamed("test").orElseThrow().uuid();
      Domain domain = connection.domain(uuid);
      Inside.of(domain)
          .call(
              "tell of the agent",
              (call, pointer) -> {
                invoke(agent, pointer, 1, 2);
                invoke(agent, pointer, 2, 0);
                return 0;
              });
      assertThat(Await.next("coming", seen, it -> true))
          .isInstanceOfSatisfying(
              DomainEvent.AgentLifecycle.class,
              it -> {
                assertThat(it.uuid()).isEqualTo(uuid);
                assertThat(it.state()).isEqualTo(AgentState.CONNECTED);
                assertThat(it.reasonCode()).isEqualTo(2);
              });
      assertThat(Await.next("going", seen, it -> true))
          .isInstanceOfSatisfying(
              DomainEvent.AgentLifecycle.class,
              it -> assertThat(it.state()).isEqualTo(AgentState.DISCONNECTED));
    }
  }

  /** If it were not so, this JVM would end here. */
  @Test
  void whatever_is_thrown_in_an_upcall_does_not_leave_it() throws Throwable {
    MethodHandle target =
        MethodHandles.lookup()
            .findStatic(
                UpcallsTest.class,
                "fail",
                MethodType.methodType(
                    void.class,
                    MemorySegment.class,
                    MemorySegment.class,
                    int.class,
                    int.class,
                    MemorySegment.class));
    invoke(function(Native.upcall(target)), MemorySegment.NULL, 7, 8);
    assertThat(failures).containsExactly(7);
  }

  /** The domain is NULL, so libvirt refuses to tell its UUID: that event is lost, and no other. */
  @Test
  void an_event_that_cannot_be_read_costs_that_event() throws Throwable {
    MethodHandle agent = function(requireNonNull(Upcalls.BY_EVENT_ID.get(AGENT_LIFECYCLE)));
    invoke(agent, MemorySegment.NULL, 1, 1);
    try (Connection connection = Connection.open(ConnectionOptions.to("test:///default"))) {
      Inside.of(connection.domainNamed("test").orElseThrow())
          .call(
              "tell of the agent",
              (call, pointer) -> {
                invoke(agent, pointer, 2, 0);
                return 0;
              });
    }
    assertThat(Await.next("the next event", seen, it -> true))
        .isInstanceOfSatisfying(
            DomainEvent.AgentLifecycle.class,
            it -> assertThat(it.state()).isEqualTo(AgentState.DISCONNECTED));
  }

  private static final BlockingQueue<Integer> failures = new LinkedBlockingQueue<>();

  static void fail(
      MemorySegment connection, MemorySegment domain, int event, int detail, MemorySegment opaque) {
    failures.add(event);
    throw new StackOverflowError("in an upcall, on purpose");
  }

  private static MethodHandle function(MemorySegment pointer) {
    return Linker.nativeLinker()
        .downcallHandle(
            pointer,
            FunctionDescriptor.ofVoid(
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS));
  }

  private static void invoke(MethodHandle function, MemorySegment domain, int state, int reason) {
    try {
      function.invokeExact(MemorySegment.NULL, domain, state, reason, OPAQUE);
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }
}
