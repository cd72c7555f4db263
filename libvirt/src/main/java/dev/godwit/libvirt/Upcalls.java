package dev.godwit.libvirt;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;

/**
 * What libvirt's event loop calls, guarded by {@link Native#upcall} so that nothing leaves it.
 * Nothing of the arguments is kept or freed, and libvirt is not called but for what a domain's
 * pointer knows by itself. A callback's signature belongs to its event's number: with the wrong
 * number C's integers would be read as pointers.
 */
@SuppressWarnings("unused") // called by libvirt
final class Upcalls {
  private static final Class<MemorySegment> POINTER = MemorySegment.class;

  /** virConnectCloseFunc. */
  static final MemorySegment CLOSED = stub("closed", POINTER, int.class, POINTER);

  /** Callbacks by virDomainEventID; 6 is IO_ERROR_REASON (8, BLOCK_JOB, has other arguments). */
  static final Map<Integer, MemorySegment> BY_EVENT_ID =
      Map.of(
          0, stub("lifecycle", POINTER, POINTER, int.class, int.class, POINTER),
          6, stub("ioError", POINTER, POINTER, POINTER, POINTER, int.class, POINTER, POINTER),
          15, stub("deviceRemoved", POINTER, POINTER, POINTER, POINTER),
          18, stub("agentLifecycle", POINTER, POINTER, int.class, int.class, POINTER),
          20, stub("iteration", POINTER, POINTER, int.class, POINTER),
          21, stub("jobCompleted", POINTER, POINTER, POINTER, int.class, POINTER));

  private Upcalls() {}

  private static MemorySegment stub(String method, Class<?>... arguments) {
    try {
      MethodHandle target =
          MethodHandles.lookup()
              .findStatic(Upcalls.class, method, MethodType.methodType(void.class, arguments));
      return Native.upcall(target);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void closed(MemorySegment connection, int reason, MemorySegment opaque) {
    EventSource.connectionClosed(opaque, CloseReason.of(reason));
  }

  private static void lifecycle(
      MemorySegment connection, MemorySegment domain, int event, int detail, MemorySegment opaque) {
    long now = System.nanoTime();
    LibvirtC c = Libvirt.library();
    LifecycleEvent known = LifecycleEvent.of(event);
    EventSource.publish(
        opaque,
        new DomainEvent.Lifecycle(
            Memory.uuid(c, domain),
            Memory.borrowed(c.virDomainGetName(domain)).orElse(""),
            known,
            LifecycleDetail.of(known, detail),
            detail,
            now));
  }

  private static void ioError(
      MemorySegment connection,
      MemorySegment domain,
      MemorySegment path,
      MemorySegment alias,
      int action,
      MemorySegment reason,
      MemorySegment opaque) {
    long now = System.nanoTime();
    EventSource.publish(
        opaque,
        new DomainEvent.IoError(
            Memory.uuid(Libvirt.library(), domain),
            Memory.borrowed(path).orElse(""),
            Memory.borrowed(alias).orElse(""),
            IoErrorAction.of(action),
            Memory.borrowed(reason).orElse(""),
            now));
  }

  private static void deviceRemoved(
      MemorySegment connection, MemorySegment domain, MemorySegment alias, MemorySegment opaque) {
    long now = System.nanoTime();
    EventSource.publish(
        opaque,
        new DomainEvent.DeviceRemoved(
            Memory.uuid(Libvirt.library(), domain), Memory.borrowed(alias).orElse(""), now));
  }

  private static void agentLifecycle(
      MemorySegment connection, MemorySegment domain, int state, int reason, MemorySegment opaque) {
    long now = System.nanoTime();
    EventSource.publish(
        opaque,
        new DomainEvent.AgentLifecycle(
            Memory.uuid(Libvirt.library(), domain), AgentState.of(state), reason, now));
  }

  private static void iteration(
      MemorySegment connection, MemorySegment domain, int iteration, MemorySegment opaque) {
    long now = System.nanoTime();
    EventSource.publish(
        opaque,
        new DomainEvent.MigrationIteration(Memory.uuid(Libvirt.library(), domain), iteration, now));
  }

  private static void jobCompleted(
      MemorySegment connection,
      MemorySegment domain,
      MemorySegment parameters,
      int count,
      MemorySegment opaque) {
    long now = System.nanoTime();
    LibvirtC c = Libvirt.library();
    EventSource.publish(
        opaque,
        new DomainEvent.JobCompleted(
            Memory.uuid(c, domain), JobStats.ofEnd(TypedParams.read(c, parameters, count)), now));
  }
}
