package dev.godwit.agent.service;

import dev.godwit.agent.act.CopyReader;
import dev.godwit.agent.guest.Listing;
import dev.godwit.agent.host.Daemon;
import dev.godwit.agent.look.Reports;
import dev.godwit.agent.note.Note;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.MigrationSample;
import dev.godwit.core.port.Tempo;
import dev.godwit.libvirt.JobStats;
import dev.godwit.libvirt.LibvirtException;
import dev.godwit.wire.GuestMapping;
import dev.godwit.wire.SampleMapping;
import dev.godwit.wire.ViewMapping;
import dev.godwit.wire.proto.AgentEvent;
import dev.godwit.wire.proto.GuestSeen;
import dev.godwit.wire.proto.Nothing;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * News for the servers that watch. A watcher that is too slow loses news, never holds anybody up.
 */
public final class EventStream implements Reports, AutoCloseable {
  private static final int MOST_WATCHERS = 16;
  private static final Duration HEARTBEAT = Duration.ofSeconds(2);

  private final Listing listing;
  private final Clock clock;
  private final Tempo tempo;
  private final List<ServerCallStreamObserver<AgentEvent>> watchers = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  public EventStream(Listing listing, Clock clock, Tempo tempo) {
    this.listing = listing;
    this.clock = clock;
    this.tempo = tempo;
  }

  /** Begins the heartbeat. */
  public void start() {
    Thread.ofVirtual().name("event-heartbeat").start(this::beat);
  }

  private void beat() {
    AgentEvent alive = AgentEvent.newBuilder().setAlive(Nothing.getDefaultInstance()).build();
    while (!closed) {
      send(alive);
      try {
        tempo.rest(HEARTBEAT);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  void add(StreamObserver<AgentEvent> to) {
    if (watchers.size() >= MOST_WATCHERS) {
      to.onError(
          Status.RESOURCE_EXHAUSTED
              .withDescription("expected at most " + MOST_WATCHERS + " watchers")
              .asException());
      return;
    }
    ServerCallStreamObserver<AgentEvent> watcher = (ServerCallStreamObserver<AgentEvent>) to;
    watcher.setOnCancelHandler(() -> watchers.remove(watcher));
    watchers.add(watcher);
  }

  private synchronized void send(AgentEvent event) {
    watchers.removeIf(watcher -> !gets(watcher, event));
  }

  /** False for a watcher that went away; it must not end the news for the others. */
  private static boolean gets(ServerCallStreamObserver<AgentEvent> watcher, AgentEvent event) {
    try {
      if (watcher.isReady()) {
        watcher.onNext(event);
      }
      return !watcher.isCancelled();
    } catch (StatusRuntimeException | IllegalStateException e) {
      return false;
    }
  }

  @Override
  public void seen(Note note, HostView view) {
    send(
        AgentEvent.newBuilder()
            .setSeen(
                GuestSeen.newBuilder()
                    .setMigration(note.migration())
                    .setInstance(note.instance())
                    .setView(ViewMapping.message(view, clock.instant())))
            .build());
  }

  @Override
  public void progress(MigrationId migration, MigrationSample sample) {
    send(AgentEvent.newBuilder().setSample(SampleMapping.message(migration, sample)).build());
  }

  @Override
  public void completed(MigrationId migration, JobStats stats) {
    progress(migration, CopyReader.completed(clock, stats));
  }

  @Override
  public void power(InstanceId instance) {
    Thread.ofVirtual().name("power-report").start(() -> sendPower(instance));
  }

  private void sendPower(InstanceId instance) {
    try {
      listing
          .find(instance)
          .ifPresent(
              guest -> send(AgentEvent.newBuilder().setPower(GuestMapping.message(guest)).build()));
    } catch (LibvirtException | Daemon.Stopping e) {
      // The next announcement tells.
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
