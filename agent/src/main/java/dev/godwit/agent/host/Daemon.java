package dev.godwit.agent.host;

import dev.godwit.core.port.Tempo;
import dev.godwit.libvirt.Connection;
import dev.godwit.libvirt.ConnectionOptions;
import dev.godwit.libvirt.LibvirtException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The local libvirt daemon. Connections of its own for each kind of work, and for several works of
 * a kind at once: a hung QEMU holds up who asks about it, not the others. A lost connection is
 * opened anew by whoever needs it next.
 */
public final class Daemon implements AutoCloseable {
  private static final Duration CALL = Duration.ofSeconds(10);
  private static final Duration LONG_CALL = Duration.ofSeconds(60);

  /** A daemon that did not answer costs one caller the wait, not each of a queue of them. */
  private static final Duration FAILURE_COUNTS = Duration.ofSeconds(1);

  /** Kinds of work that must not wait for each other. */
  public enum Use {
    /** Changes; of those to several guests at once none waits for another's QEMU. */
    ACT(16, LONG_CALL),
    /** Fences and strays: however many changes hang. */
    FENCE(4, LONG_CALL),
    /** What runs here: must answer although one guest's QEMU does not. */
    LIST(1, CALL);

    private final int connections;
    private final Duration callDeadline;

    Use(int connections, Duration callDeadline) {
      this.connections = connections;
      this.callDeadline = callDeadline;
    }
  }

  private final String uri;
  private final Function<ConnectionOptions, Connection> libvirt;
  private final Tempo tempo;
  private final Map<Use, Lines> lines = new EnumMap<>(Use.class);
  private final Map<UUID, Line> looks = new ConcurrentHashMap<>();
  private final AtomicReference<Optional<Connection>> ready =
      new AtomicReference<>(Optional.empty());
  private volatile boolean closed;

  /**
   * The daemon at that URI.
   *
   * @param libvirt opens connections
   */
  public Daemon(String uri, Function<ConnectionOptions, Connection> libvirt, Tempo tempo) {
    this.uri = uri;
    this.libvirt = libvirt;
    this.tempo = tempo;
    for (Use use : Use.values()) {
      lines.put(use, new Lines(use));
    }
  }

  /** Asks the daemon; {@link LibvirtException} when it cannot be had. */
  public <T> T ask(Use use, Function<Connection, T> work) {
    return java.util.Objects.requireNonNull(lines.get(use)).ask(work);
  }

  /**
   * Looks at a guest in a move, over a connection of that guest's own: questions about its job wait
   * for its QEMU, which may hang.
   */
  public <T> T look(UUID guest, Function<Connection, T> work) {
    return work.apply(looks.computeIfAbsent(guest, _ -> new Line(CALL)).connection());
  }

  /** Its move is over on this host. */
  public void looked(UUID guest) {
    Optional.ofNullable(looks.remove(guest)).ifPresent(Line::close);
  }

  /**
   * A connection for one blocking call, or for events; the caller closes it. One is kept ready, for
   * a move waits for it.
   */
  public Connection openAnother() {
    Connection connection =
        ready.getAndSet(Optional.empty()).filter(this::answers).orElseGet(() -> open(CALL));
    Thread.ofVirtual().name("next-connection").start(this::makeReady);
    return connection;
  }

  /** Its daemon may hang, or be another one, since it was opened. */
  private boolean answers(Connection waited) {
    try {
      if (!closed && waited.libvirtVersion() > 0) {
        return true;
      }
    } catch (LibvirtException e) {
      // So it is of no use.
    }
    waited.close();
    return false;
  }

  private void makeReady() {
    try {
      Connection next = open(CALL);
      ready.getAndSet(Optional.of(next)).ifPresent(Connection::close);
      if (closed) {
        ready.getAndSet(Optional.empty()).ifPresent(Connection::close);
      }
    } catch (LibvirtException | Stopping e) {
      // Whoever needs it opens one, and is told.
    }
  }

  private Connection open(Duration callDeadline) {
    if (closed) {
      throw new Stopping();
    }
    return libvirt.apply(ConnectionOptions.to(uri).withCallDeadline(callDeadline));
  }

  @Override
  public void close() {
    closed = true;
    ready.getAndSet(Optional.empty()).ifPresent(Connection::close);
    lines.values().forEach(Lines::close);
    looks.values().forEach(Line::close);
  }

  /** The agent is stopping: nothing is asked any more, and nothing concluded from that. */
  public static final class Stopping extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    Stopping() {
      super("the agent is stopping");
    }
  }

  /** The connections of one use: the first serves, unless somebody waits on it. */
  private final class Lines {
    private final List<Line> all;
    private final int[] waiting;

    Lines(Use use) {
      all = Stream.generate(() -> new Line(use.callDeadline)).limit(use.connections).toList();
      waiting = new int[use.connections];
    }

    <T> T ask(Function<Connection, T> work) {
      int taken = take();
      try {
        return work.apply(all.get(taken).connection());
      } finally {
        leave(taken);
      }
    }

    private synchronized int take() {
      int least = 0;
      for (int i = 1; i < waiting.length; i++) {
        least = waiting[i] < waiting[least] ? i : least;
      }
      waiting[least]++;
      return least;
    }

    private synchronized void leave(int taken) {
      waiting[taken]--;
    }

    void close() {
      all.forEach(Line::close);
    }
  }

  /** One connection. */
  private final class Line {
    private final ReentrantLock turn = new ReentrantLock();
    private final Duration callDeadline;
    private Optional<Connection> open = Optional.empty();
    private Optional<LibvirtException> failure = Optional.empty();
    private long failedAt;

    Line(Duration callDeadline) {
      this.callDeadline = callDeadline;
    }

    Connection connection() {
      turn.lock();
      try {
        return lockedConnection();
      } finally {
        turn.unlock();
      }
    }

    private Connection lockedConnection() {
      if (open.filter(Connection::isOpen).isPresent()) {
        return open.orElseThrow();
      }
      if (failure.isPresent() && tempo.nanoTime() - failedAt < FAILURE_COUNTS.toNanos()) {
        throw failure.orElseThrow();
      }
      open.ifPresent(Connection::close);
      open = Optional.empty();
      try {
        Connection fresh = Daemon.this.open(callDeadline);
        open = Optional.of(fresh);
        failure = Optional.empty();
        return fresh;
      } catch (LibvirtException e) {
        // Only silence costs time; a refused connection is tried again at once.
        if (e.kind() == LibvirtException.Kind.NO_ANSWER) {
          failure = Optional.of(e);
          failedAt = tempo.nanoTime();
        }
        throw e;
      }
    }

    void close() {
      turn.lock();
      try {
        open.ifPresent(Connection::close);
        open = Optional.empty();
      } finally {
        turn.unlock();
      }
    }
  }
}
