package dev.godwit.agent.guest;

import dev.godwit.agent.host.Daemon;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.PowerAction;
import dev.godwit.core.model.Refusal;
import dev.godwit.core.port.Tempo;
import dev.godwit.libvirt.Domain;
import dev.godwit.libvirt.DomainState;
import dev.godwit.libvirt.LibvirtException;
import java.time.Duration;
import java.util.Optional;

/** Switches guests on and off; refused while they are moved. */
public final class Power {
  private static final StepReply DONE = new StepReply.Done();

  private final Daemon daemon;
  private final Moves moves;
  private final Duration patience;
  private final Tempo tempo;

  /**
   * @param patience how long a guest may take to shut down before it is powered off
   */
  public Power(Daemon daemon, Moves moves, Duration patience, Tempo tempo) {
    this.daemon = daemon;
    this.moves = moves;
    this.patience = patience;
    this.tempo = tempo;
  }

  StepReply power(InstanceId instance, PowerAction action) {
    return daemon.ask(
        Daemon.Use.ACT, connection -> power(connection.domain(instance.value()), action));
  }

  private StepReply power(Domain domain, PowerAction action) {
    Optional<Refusal> forbidden = moves.forbid(domain, action);
    if (forbidden.isPresent()) {
      return new StepReply.Refused(forbidden.get());
    }
    boolean active = domain.isActive();
    DomainState state = domain.state().state();
    switch (action) {
      case START -> startUnless(active, domain);
      case STOP -> {
        return stop(domain);
      }
      case REBOOT_SOFT -> domain.reboot();
      case REBOOT_HARD -> {
        if (active) {
          domain.reset();
        } else {
          domain.start();
        }
      }
      case PAUSE -> {
        if (state == DomainState.RUNNING) {
          domain.suspend();
        }
      }
      case UNPAUSE -> {
        if (state == DomainState.PAUSED) {
          domain.resume();
        }
      }
    }
    return DONE;
  }

  private static void startUnless(boolean active, Domain domain) {
    if (!active) {
      domain.start();
    }
  }

  private StepReply stop(Domain domain) {
    if (domain.state().state() == DomainState.RUNNING) {
      domain.shutdown();
      awaitEnd(domain);
    }
    // A move may have begun while the guest was taking its time.
    Optional<Refusal> busy = moves.busy(domain);
    if (busy.isPresent()) {
      return new StepReply.Refused(busy.get());
    }
    if (domain.isActive()) {
      destroy(domain);
    }
    return DONE;
  }

  private void awaitEnd(Domain domain) {
    long until = tempo.nanoTime() + patience.toNanos();
    while (domain.isActive() && tempo.nanoTime() < until && pause()) {
      // The guest is shutting down.
    }
  }

  private static void destroy(Domain domain) {
    try {
      domain.destroy();
    } catch (LibvirtException e) {
      // It ended by itself at the last moment.
      if (!e.isOperationInvalid()) {
        throw e;
      }
    }
  }

  private boolean pause() {
    try {
      tempo.rest(Duration.ofMillis(100));
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
