package dev.godwit.agent.host;

import dev.godwit.core.port.Tempo;
import dev.godwit.libvirt.CloseReason;
import dev.godwit.libvirt.Connection;
import dev.godwit.libvirt.DomainEvent;
import dev.godwit.libvirt.LibvirtException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * libvirt's events of this host, for ever: a lost connection is opened anew under another session
 * name, which tells everybody that something may have been missed.
 */
public final class HostEvents implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HostEvents.class);
  private static final Duration AGAIN = Duration.ofMillis(500);

  /** Each open that has no answer leaves a thread behind until the daemon wakes up. */
  private static final Duration REST_AFTER_SILENCE = Duration.ofSeconds(5);

  private final Daemon daemon;
  private final Tempo tempo;
  private final Supplier<UUID> ids;
  private final List<Consumer<DomainEvent>> listeners = new CopyOnWriteArrayList<>();
  private final Thread thread = Thread.ofVirtual().name("host-events").unstarted(this::run);
  private volatile Optional<Session> session = Optional.empty();

  private record Session(String name, Connection connection) {}

  /**
   * The events of that daemon.
   *
   * @param ids name sessions, each another one
   */
  public HostEvents(Daemon daemon, Tempo tempo, Supplier<UUID> ids) {
    this.daemon = daemon;
    this.tempo = tempo;
    this.ids = ids;
  }

  /** Delivers every event, in order. */
  public void listen(Consumer<DomainEvent> listener) {
    listeners.add(listener);
  }

  /**
   * The session that listens now; empty when nobody does, from the moment at which its connection
   * was lost.
   */
  public String session() {
    return session.filter(it -> it.connection.isOpen()).map(Session::name).orElse("");
  }

  /** Begins to listen, and goes on until closed. */
  public void start() {
    thread.start();
  }

  private void run() {
    while (!Thread.currentThread().isInterrupted()) {
      Duration rest = AGAIN;
      try (Connection connection = daemon.openAnother()) {
        listen(connection);
      } catch (LibvirtException e) {
        LOG.atWarn().addKeyValue("why", e.text()).log("libvirt does not answer");
        if (e.kind() == LibvirtException.Kind.NO_ANSWER) {
          rest = REST_AFTER_SILENCE;
        }
      } catch (Daemon.Stopping e) {
        return;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        session = Optional.empty();
      }
      pause(rest);
    }
  }

  private void listen(Connection connection) throws InterruptedException {
    LinkedBlockingQueue<CloseReason> end = new LinkedBlockingQueue<>();
    connection.subscribe(event -> deliver(event, end));
    Session fresh = new Session(ids.get().toString(), connection);
    session = Optional.of(fresh);
    LOG.atInfo().addKeyValue("session", fresh.name).log("listening to libvirt's events");
    CloseReason why = end.take();
    LOG.atWarn().addKeyValue("why", why).log("libvirt's events ended");
  }

  private void deliver(DomainEvent event, LinkedBlockingQueue<CloseReason> end) {
    switch (event) {
      case DomainEvent.ConnectionClosed(CloseReason reason, long _) -> end.add(reason);
      case DomainEvent.Dropped _ -> {
        session = Optional.empty();
        end.add(CloseReason.ERROR);
      }
      default -> listeners.forEach(listener -> listener.accept(event));
    }
  }

  private void pause(Duration rest) {
    try {
      tempo.rest(rest);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
