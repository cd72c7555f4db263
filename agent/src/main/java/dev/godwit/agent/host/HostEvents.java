package dev.godwit.agent.host;

import dev.godwit.libvirt.CloseReason;
import dev.godwit.libvirt.Connection;
import dev.godwit.libvirt.DomainEvent;
import dev.godwit.libvirt.LibvirtException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * libvirt's events of this host, for ever: a lost connection is opened anew under another session
 * name, which tells everybody that something may have been missed.
 */
public final class HostEvents implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HostEvents.class);
  private static final Duration AGAIN = Duration.ofMillis(500);

  private final Daemon daemon;
  private final List<Consumer<DomainEvent>> listeners = new CopyOnWriteArrayList<>();
  private volatile String session = "";
  private volatile boolean stopped;

  public HostEvents(Daemon daemon) {
    this.daemon = daemon;
  }

  /** Delivers every event, in order. */
  public void listen(Consumer<DomainEvent> listener) {
    listeners.add(listener);
  }

  /** The session that listens now; empty when nobody does. */
  public String session() {
    return session;
  }

  /** Begins to listen, and goes on until closed. */
  public void start() {
    Thread.ofVirtual().name("host-events").start(this::run);
  }

  private void run() {
    while (!stopped) {
      try (Connection connection = daemon.openAnother()) {
        LinkedBlockingQueue<CloseReason> end = new LinkedBlockingQueue<>();
        connection.subscribe(event -> deliver(event, end));
        session = UUID.randomUUID().toString();
        LOG.atInfo().addKeyValue("session", session).log("listening to libvirt's events");
        CloseReason why = end.take();
        LOG.atWarn().addKeyValue("why", why).log("libvirt's events ended");
      } catch (LibvirtException e) {
        LOG.atWarn().addKeyValue("why", e.text()).log("libvirt does not answer");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } finally {
        session = "";
      }
      pause();
    }
  }

  private void deliver(DomainEvent event, LinkedBlockingQueue<CloseReason> end) {
    switch (event) {
      case DomainEvent.ConnectionClosed(CloseReason reason, long _) -> end.add(reason);
      case DomainEvent.Dropped _ -> end.add(CloseReason.ERROR);
      default -> listeners.forEach(listener -> listener.accept(event));
    }
  }

  private void pause() {
    try {
      Thread.sleep(AGAIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopped = true;
    }
  }

  @Override
  public void close() {
    stopped = true;
  }
}
