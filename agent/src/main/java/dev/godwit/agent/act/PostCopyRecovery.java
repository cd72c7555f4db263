package dev.godwit.agent.act;

import dev.godwit.agent.host.Daemon;
import dev.godwit.agent.host.LinkTrial;
import dev.godwit.agent.look.Look;
import dev.godwit.agent.note.Note;
import dev.godwit.core.migration.Refusals;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.JobView;
import dev.godwit.core.migration.transfer.RunState;
import dev.godwit.core.migration.transfer.StateReason;
import dev.godwit.core.port.Tempo;
import dev.godwit.libvirt.AbortFlag;
import dev.godwit.libvirt.Connection;
import dev.godwit.libvirt.Domain;
import dev.godwit.libvirt.LibvirtException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes on with post-copies whose stream broke, by libvirt's post-copy resume: one try an order,
 * each a call on a connection of its own. Nothing is kept here that matters: libvirt's own call
 * goes on when the agent dies, and the next agent sees by the guest's state that it does.
 */
public final class PostCopyRecovery implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PostCopyRecovery.class);
  private static final Duration LONGEST = Duration.ofDays(7);

  private static final StepReply DONE = new StepReply.Done();

  private final Daemon daemon;
  private final Look look;
  private final Transfers transfers;
  private final LinkTrial link;
  private final Tempo tempo;
  private final Map<String, Standstill> still = new ConcurrentHashMap<>();
  private final Map<String, Try> underWay = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** A call that is under way. */
  private record Try(Connection connection, long atNanos) {}

  public PostCopyRecovery(
      Daemon daemon, Look look, Transfers transfers, LinkTrial link, Tempo tempo) {
    this.tempo = tempo;
    this.daemon = daemon;
    this.look = look;
    this.transfers = transfers;
    this.link = link;
  }

  /** Tries once, if it is broken and nothing goes on. */
  StepReply recover(Note note, TransferPlan plan) {
    return switch (look.at(note)) {
      case HostView.Unknown(String why) -> SourceActs.unknown(why);
      // Only a server knows of fences.
      case HostView.Fenced(String by, var _) -> SourceActs.unknown("fenced by " + by);
      case HostView.Seen(var _, GuestView.Active active, var _) when broken(active) ->
          standing(note, plan);
      case HostView.Seen _ -> {
        still.remove(note.migration());
        yield DONE;
      }
    };
  }

  private StepReply standing(Note note, TransferPlan plan) {
    Optional<Try> goingOn = Optional.ofNullable(underWay.get(note.migration()));
    long now = tempo.nanoTime();
    Standstill since;
    try {
      long bytes = daemon.look(uuid(note), connection -> bytes(domain(connection, note)));
      since = still.merge(note.migration(), Standstill.seen(bytes, now), Standstill::then);
    } catch (LibvirtException e) {
      return unseen(note, goingOn, e);
    }
    if (goingOn.isPresent()) {
      return answer(since, since.hangs(goingOn.get().atNanos, now));
    }
    // "Failed" is libvirt's word also for a stream that it only does not watch any more.
    boolean moves = since.sinceNanos() == now;
    return transfers.underWay(note) || moves
        ? answer(since, since.hangs())
        : tried(note, plan, since);
  }

  /** libvirt may be as silent about its job as about a try that hangs: the last look counts. */
  private StepReply unseen(Note note, Optional<Try> goingOn, LibvirtException why) {
    Standstill last = still.get(note.migration());
    long now = tempo.nanoTime();
    if (last != null && goingOn.filter(it -> last.hangs(it.atNanos, now)).isPresent()) {
      return answer(last, true);
    }
    throw why;
  }

  private static boolean broken(GuestView.Active active) {
    return active.state() == RunState.PAUSED
        && active.reason() == StateReason.POST_COPY_FAILED
        && active.job() == JobView.OUTGOING;
  }

  private static long bytes(Domain domain) {
    return domain.job().stats().memoryProcessedBytes().orElse(0);
  }

  private static Domain domain(Connection connection, Note note) {
    return connection.domain(uuid(note));
  }

  private static UUID uuid(Note note) {
    return UUID.fromString(note.instance());
  }

  /** What stood against it the last time is shown until it goes on. */
  private static StepReply answer(Standstill since, boolean hangs) {
    if (hangs) {
      return SourceActs.refused(
          Refusals.RECOVERY_HANGS,
          "libvirt's answer to its post-copy resume",
          since.hangs()
              ? since.trouble()
              : "none for more than %d s".formatted(Standstill.PATIENCE.toSeconds()));
    }
    return since.trouble().isEmpty()
        ? DONE
        : refused("a post-copy that can be resumed", since.trouble());
  }

  private StepReply tried(Note note, TransferPlan plan, Standstill since) {
    // libvirt would wait in the call for as long as TCP tries to connect, which is minutes, and so
    // would miss the moment at which the link is there again.
    Optional<String> cut =
        link.of(plan.destinationUri(), MoveParameters.listenAddress(plan.migrateUri())).stream()
            .flatMap(it -> it.trouble().map(why -> it.address() + ": " + why).stream())
            .findFirst();
    if (cut.isPresent()) {
      return refused("a link to the destination", cut.get());
    }
    Connection connection = daemon.openAnother();
    underWay.put(note.migration(), new Try(connection, tempo.nanoTime()));
    Thread.ofVirtual().name("recovery").start(() -> run(connection, note, plan));
    return answer(since, since.hangs());
  }

  private void run(Connection connection, Note note, TransferPlan plan) {
    try (connection) {
      LOG.atInfo().addKeyValue("migration", note.migration()).log("recovers a post-copy");
      domain(connection, note).job().migrate(MoveParameters.resuming(plan), LONGEST);
      told(note, "");
    } catch (LibvirtException e) {
      if (!closed) {
        failed(connection, note, e);
      }
    } catch (RuntimeException e) {
      LOG.error("a recovery failed in the agent itself", e);
      told(note, "the agent: " + e);
    } finally {
      underWay.remove(note.migration());
    }
  }

  private void failed(Connection connection, Note note, LibvirtException why) {
    LOG.atInfo()
        .addKeyValue("migration", note.migration())
        .addKeyValue("error", why.text())
        .log("a recovery of a post-copy ended");
    if (ResumeTrouble.of(why.text()) == ResumeTrouble.NOT_NOTICED) {
      pause(connection, note);
    }
    told(note, why.text());
  }

  /** The source's QEMU lets the stream go, by which the destination's learns of it too. */
  private static void pause(Connection connection, Note note) {
    try {
      domain(connection, note).job().abort(AbortFlag.POSTCOPY);
    } catch (LibvirtException e) {
      // It is paused already, or goes on: the next try tells.
      LOG.atDebug().addKeyValue("error", e.text()).log("a post-copy was not paused");
    }
  }

  private void told(Note note, String text) {
    still.computeIfPresent(note.migration(), (_, since) -> since.tried(text));
  }

  private static StepReply refused(String expected, String found) {
    return SourceActs.refused("post-copy-recovery", expected, found);
  }

  /** The agent stops; what libvirt was told goes on. */
  @Override
  public void close() {
    closed = true;
    underWay.values().forEach(it -> it.connection.close());
  }
}
