package dev.godwit.agent.act;

import dev.godwit.agent.Turns;
import dev.godwit.agent.file.FileTrouble;
import dev.godwit.agent.look.Look;
import dev.godwit.agent.note.Note;
import dev.godwit.agent.note.Notebook;
import dev.godwit.core.migration.Act;
import dev.godwit.core.migration.Order;
import dev.godwit.core.migration.Refusals;
import dev.godwit.core.migration.Rules;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.model.Epoch;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.Refusal;
import dev.godwit.libvirt.LibvirtException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fence: orders of one migration one at a time, its fences beside them; none of an older epoch
 * than was seen, which is on disk before anything is done.
 */
public final class OrderDesk {
  private static final Logger LOG = LoggerFactory.getLogger(OrderDesk.class);

  /** Longer than any order takes on a healthy host. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Rules rules;
  private final Turns turns;
  private final HostName host;
  private final Notebook notebook;
  private final Look look;
  private final SourceActs source;
  private final DestinationActs destination;

  public OrderDesk(
      HostName host,
      Rules rules,
      Notebook notebook,
      Look look,
      SourceActs source,
      DestinationActs destination,
      Turns turns) {
    this.host = host;
    this.rules = rules;
    this.turns = turns;
    this.notebook = notebook;
    this.look = look;
    this.source = source;
    this.destination = destination;
  }

  /** Carries an order out; what cannot be done is a refusal, and a repeat is a no-op. */
  public StepReply execute(Order order) {
    if (!order.host().equals(host)) {
      return new StepReply.Refused(
          new Refusal(
              "wrong-host",
              host.value(),
              "an order for " + host,
              "one for " + order.host(),
              "Look whether two agents were given each other's address."));
    }
    return turns
        .take(lane(order), PATIENCE, () -> fenced(order))
        .orElseGet(() ->
            refused(
                Refusals.AGENT_BUSY,
                order,
                "an earlier order about this instance that is not done yet",
                "Wait; it is tried again."));
  }

  /**
   * A fence does not wait behind a push that libvirt is slow to answer: libvirt may by itself
   * resume the source before that.
   */
  private static String lane(Order order) {
    boolean fence =
        order.act() instanceof Act.FenceSource || order.act() instanceof Act.SuspendStray;
    String instance = order.instance().toString();
    return fence ? Turns.urgent(instance) : instance;
  }

  private StepReply fenced(Order order) {
    try {
      checkInstance(order.migration(), order.instance());
      Note note = raise(order.migration(), order.instance(), order.epoch());
      Optional<StepReply> answer = rules.answer(note.epoch(), note.closedBy(), order);
      if (answer.isPresent()) {
        return answer.get();
      }
      StepReply reply = act(order, note);
      if (rules.closes(order.act(), reply)) {
        long by = order.epoch().value();
        notebook.change(order.migration(), order.instance(), it -> it.closed(by));
        look.over(note);
      }
      if (rules.supersedes(order.act(), reply)) {
        closeEarlier(note);
      }
      LOG.atInfo()
          .addKeyValue("migration", order.migration())
          .addKeyValue("act", order.act().getClass().getSimpleName())
          .addKeyValue("reply", reply.getClass().getSimpleName())
          .log("order");
      return reply;
    } catch (LibvirtException e) {
      return refused("libvirt", order, e.text(), "Look at libvirtd and QEMU on this host.");
    } catch (FileTrouble e) {
      return refused(
          "file", order, String.valueOf(e.getMessage()), "Look at that path and its room.");
    } catch (UncheckedIOException e) {
      return refused(
          "agent-disk",
          order,
          String.valueOf(e.getMessage()),
          "Make room for the agent's state directory.");
    }
  }

  /** Nobody gives orders for them any more. */
  private void closeEarlier(Note note) {
    notebook
        .supersede(InstanceId.of(note.instance()), Optional.of(MigrationId.of(note.migration())))
        .forEach(earlier ->
            LOG.atInfo()
                .addKeyValue("migration", earlier)
                .addKeyValue("by", note.migration())
                .log("a migration that nobody went on with is over here"));
  }

  private static StepReply refused(String code, Order order, String found, String remedy) {
    return new StepReply.Refused(
        new Refusal(code, order.act().getClass().getSimpleName(), "the order done", found, remedy));
  }

  private StepReply act(Order order, Note note) {
    return switch (order.act()) {
      case Act.PrepareDirectories(var disks) -> destination.prepareDirectories(note, disks);
      case Act.PrepareDisks(var disks) -> destination.prepareDisks(note, disks);
      case Act.DisarmAutostart() -> source.disarmAutostart(note);
      case Act.StartTransfer(var plan) -> source.startTransfer(note, plan);
      case Act.AbortTransfer() -> source.abortTransfer(note);
      case Act.StartPostCopy() -> source.startPostCopy(note);
      case Act.RecoverPostCopy(var plan) -> source.recoverPostCopy(note, plan);
      case Act.PauseToComplete() -> source.pauseToComplete(note);
      case Act.FenceSource(boolean looked) -> source.fence(note, looked);
      case Act.SuspendStray() -> source.suspendStray(note);
      case Act.ResumeSource() -> source.resume(note);
      case Act.RunAtDestination(boolean resume, boolean autostart) ->
          destination.run(note, resume, autostart);
      case Act.ClearDestinationDomain() -> destination.clearDomain(note);
      case Act.ClearDestinationFiles(var disks) -> destination.clearFiles(note, disks);
      case Act.RestoreSource restore -> source.restore(note, restore);
      case Act.ClearSourceDefinition() -> source.clearDefinition(note);
      case Act.ClearSourceFiles(var disks) -> source.clearFiles(note, disks);
      case Act.OwnDestinationFiles(var disks) -> destination.own(note, disks);
    };
  }

  private void checkInstance(MigrationId migration, InstanceId instance) {
    notebook
        .find(migration)
        .filter(note -> !note.instance().equals(instance.toString()))
        .ifPresent(note -> {
          throw new IllegalArgumentException(
              "instance: migration %s is about %s, the order about %s"
                  .formatted(migration, note.instance(), instance));
        });
  }

  /** Looks at the migration's guest; the epoch is raised as by an order. */
  public HostView observe(MigrationId migration, InstanceId instance, Epoch epoch) {
    checkInstance(migration, instance);
    try {
      Note note = raise(migration, instance, epoch);
      HostView view = look.at(note);
      destination.seen(note, view);
      if (notebook.open(instance).isEmpty()) {
        // Of a migration that this host never heard of: nobody orders its end here.
        look.over(note);
      }
      return view;
    } catch (UncheckedIOException e) {
      return new HostView.Unknown(String.valueOf(e.getMessage()));
    } catch (LibvirtException e) {
      return new HostView.Unknown("libvirt: " + e.text());
    }
  }

  private Note raise(MigrationId migration, InstanceId instance, Epoch epoch) {
    return notebook.change(migration, instance, note -> note.withEpoch(epoch.value()));
  }
}
