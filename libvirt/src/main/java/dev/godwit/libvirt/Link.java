package dev.godwit.libvirt;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A connection's native side: its pointer, which only its call thread uses, its events, and its
 * end.
 */
final class Link {
  private static final Logger LOG = System.getLogger(Link.class.getName());
  private static final AtomicLong NUMBERS = new AtomicLong(1);

  private final ConnectionOptions options;
  private final HungOpens attempt;
  private final long number = NUMBERS.getAndIncrement();
  private final EventSource events = new EventSource(number);
  private final CallThread thread;
  private final LastDomain lastDomain = new LastDomain(); // the call thread's own
  private Optional<Open> open = Optional.empty(); // the call thread's own
  private volatile boolean lost; // written by the call thread alone

  private record Open(LibvirtC c, MemorySegment pointer) {}

  private Link(ConnectionOptions options, HungOpens attempt) {
    this.options = options;
    this.attempt = attempt;
    this.thread = new CallThread("libvirt-" + number, this::farewell);
  }

  static Link open(ConnectionOptions options) {
    Link link = new Link(options, new HungOpens(options.uri()));
    try {
      link.thread.call(
          "open " + options.uri(), options.openDeadline(), link::connect, link::giveUp);
      return link;
    } catch (RuntimeException e) {
      link.attempt.givenUp();
      link.close();
      throw e;
    }
  }

  private boolean connect() {
    LibvirtC c = Libvirt.library();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pointer = c.virConnectOpen(Memory.text(arena, options.uri()));
      if (Memory.isNull(pointer)) {
        throw NativeErrors.opening(c);
      }
      open = Optional.of(new Open(c, pointer));
      EventSource.register(events);
      KeepAlive alive = options.keepAlive();
      checkUnlessLocal(
          c,
          c.virConnectRegisterCloseCallback(
              pointer, Upcalls.CLOSED, MemorySegment.ofAddress(number), MemorySegment.NULL));
      checkUnlessLocal(
          c, c.virConnectSetKeepAlive(pointer, (int) alive.interval().toSeconds(), alive.count()));
      return true;
    }
  }

  /**
   * A driver inside this process (test:///) has no daemon and says so: nothing to keep alive. A
   * daemon that refuses would go unwatched, so such a connection is not one.
   */
  private static void checkUnlessLocal(LibvirtC c, int result) {
    if (result < 0) {
      LibvirtException error = NativeErrors.opening(c);
      if (error.errorCode() != ErrorCode.NO_SUPPORT) {
        throw error;
      }
    }
  }

  /** The last act of the call thread: what libvirt counts as a reference goes first. */
  private void farewell() {
    attempt.over();
    EventSource.unregister(events);
    open.ifPresent(it -> {
      lastDomain.release(it.c);
      events.callbacks().forEach(id -> it.c.virConnectDomainEventDeregisterAny(it.pointer, id));
      it.c.virConnectUnregisterCloseCallback(it.pointer, Upcalls.CLOSED);
      int references = it.c.virConnectClose(it.pointer);
      if (references > 0) {
        LOG.log(
            Level.WARNING, "libvirt keeps {0}: {1} references are left", options.uri(), references);
      }
    });
    open = Optional.empty();
  }

  private void giveUp() {
    thread.end("a call had no answer in time, so the connection was given up");
    events.closed(CloseReason.DEADLINE);
  }

  void close() {
    thread.end("the connection was closed");
    events.closed(CloseReason.CLIENT);
  }

  boolean isOpen() {
    return !lost && !events.isClosed();
  }

  ConnectionOptions options() {
    return options;
  }

  Subscription subscribe(Consumer<DomainEvent> consumer) {
    call(
        "register for events",
        options.callDeadline(),
        call -> {
          events.registerOnce(call);
          return true;
        });
    return events.subscribe(consumer);
  }

  <T> T call(String what, Duration deadline, NativeConnection.Work<T> work) {
    return thread.call(
        what,
        deadline,
        () -> {
          Open it =
              open.orElseThrow(() ->
                  LibvirtException.found(
                      LibvirtException.Kind.NOT_CONNECTED, what + " was not made: not open"));
          try (Arena arena = Arena.ofConfined()) {
            return work.run(new Call(it.c, it.pointer, lastDomain, arena));
          } catch (LibvirtException e) {
            lost |= e.isConnectionProblem();
            throw e;
          }
        },
        this::giveUp);
  }
}
