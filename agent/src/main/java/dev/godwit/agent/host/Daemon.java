package dev.godwit.agent.host;

import dev.godwit.libvirt.Connection;
import dev.godwit.libvirt.ConnectionOptions;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The local libvirt daemon. A connection of its own for each kind of work: a hung QEMU holds up
 * statistics, not looks, and a lost connection is opened anew by whoever needs it next.
 */
public final class Daemon implements AutoCloseable {
  private static final Duration CALL = Duration.ofSeconds(10);
  private static final Duration LONG_CALL = Duration.ofSeconds(60);

  /** Kinds of work that must not wait for each other. */
  public enum Use {
    /** State and job of a guest, answered at once by a healthy daemon. */
    LOOK,
    /** Changes. */
    ACT,
    /** Statistics, which wait for the guest's QEMU. */
    STATISTICS
  }

  private final String uri;
  private final Map<Use, Connection> open = new EnumMap<>(Use.class);
  private boolean closed;

  public Daemon(String uri) {
    this.uri = uri;
  }

  /** Asks the daemon; {@link dev.godwit.libvirt.LibvirtException} when it cannot be had. */
  public <T> T ask(Use use, Function<Connection, T> work) {
    return work.apply(connection(use));
  }

  /** A connection for one blocking call, or for events; the caller closes it. */
  public Connection openAnother() {
    return Connection.open(ConnectionOptions.to(uri).withCallDeadline(CALL));
  }

  private synchronized Connection connection(Use use) {
    if (closed) {
      throw new IllegalStateException("the agent is stopping");
    }
    Connection known = open.get(use);
    if (known != null && known.isOpen()) {
      return known;
    }
    if (known != null) {
      known.close();
    }
    Connection fresh =
        Connection.open(
            ConnectionOptions.to(uri).withCallDeadline(use == Use.ACT ? LONG_CALL : CALL));
    open.put(use, fresh);
    return fresh;
  }

  @Override
  public synchronized void close() {
    closed = true;
    open.values().forEach(Connection::close);
    open.clear();
  }
}
