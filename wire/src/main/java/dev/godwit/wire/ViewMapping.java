package dev.godwit.wire;

import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.JobView;
import dev.godwit.core.migration.transfer.RunState;
import dev.godwit.core.migration.transfer.StateReason;
import dev.godwit.core.migration.transfer.TransferRecord;
import dev.godwit.wire.proto.ActiveGuest;
import dev.godwit.wire.proto.HostViewMessage;
import dev.godwit.wire.proto.InactiveGuest;
import dev.godwit.wire.proto.TransferRecordMessage;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What a host sees of a migration's guest. */
public final class ViewMapping {
  private ViewMapping() {}

  /** To the server; an unknown view tells why. */
  public static HostViewMessage message(HostView view, Instant now) {
    return switch (view) {
      case HostView.Unknown(String why) ->
          HostViewMessage.newBuilder().setAtMicros(micros(now)).setUnknown(why).build();
      // A fence is the server's knowledge; no agent has it.
      case HostView.Fenced(String by, Instant since) ->
          HostViewMessage.newBuilder()
              .setAtMicros(micros(since))
              .setUnknown("fenced by " + by)
              .build();
      case HostView.Seen(Instant at, GuestView guest, TransferRecord transfer) -> {
        HostViewMessage.Builder to =
            HostViewMessage.newBuilder().setAtMicros(micros(at)).setTransfer(record(transfer));
        switch (guest) {
          case GuestView.Active active -> to.setActive(active(active));
          case GuestView.Inactive(boolean defined, GuestView.End end, boolean mayHaveRun) ->
              to.setInactive(
                  InactiveGuest.newBuilder()
                      .setDefined(defined)
                      .setEnd(end.name())
                      .setMayHaveRun(mayHaveRun));
        }
        yield to.build();
      }
    };
  }

  private static ActiveGuest active(GuestView.Active active) {
    return ActiveGuest.newBuilder()
        .setState(active.state().name())
        .setReason(active.reason().name())
        .setJob(active.job().name())
        .setDomainId(active.domainId())
        .setPersistent(active.persistent())
        .setResumedSeen(active.resumedSeen())
        .build();
  }

  private static TransferRecordMessage record(TransferRecord transfer) {
    TransferRecordMessage.Builder to = TransferRecordMessage.newBuilder();
    switch (transfer) {
      case TransferRecord.NotStarted() -> to.setKind(TransferRecordMessage.Kind.NOT_STARTED);
      case TransferRecord.Forbidden(String why) ->
          to.setKind(TransferRecordMessage.Kind.FORBIDDEN).setError(why);
      case TransferRecord.Started() -> to.setKind(TransferRecordMessage.Kind.STARTED);
      case TransferRecord.Ended(String error) ->
          to.setKind(TransferRecordMessage.Kind.ENDED).setError(error);
      case TransferRecord.Interrupted(int attempts) ->
          to.setKind(TransferRecordMessage.Kind.INTERRUPTED).setAttempts(attempts);
    }
    return to.build();
  }

  /** From the agent, checked. */
  public static HostView view(HostViewMessage from) {
    return switch (from.getGuestCase()) {
      case UNKNOWN -> new HostView.Unknown(from.getUnknown());
      case ACTIVE ->
          new HostView.Seen(
              instant(from.getAtMicros()), active(from.getActive()), record(from.getTransfer()));
      case INACTIVE ->
          new HostView.Seen(
              instant(from.getAtMicros()),
              new GuestView.Inactive(
                  from.getInactive().getDefined(),
                  Checked.word(GuestView.End.class, from.getInactive().getEnd()),
                  from.getInactive().getMayHaveRun()),
              record(from.getTransfer()));
      case GUEST_NOT_SET -> throw new BadMessage("view: expected a guest, found nothing");
    };
  }

  private static GuestView.Active active(ActiveGuest from) {
    return new GuestView.Active(
        Checked.word(RunState.class, from.getState()),
        Checked.word(StateReason.class, from.getReason()),
        Checked.word(JobView.class, from.getJob()),
        from.getDomainId(),
        from.getPersistent(),
        from.getResumedSeen());
  }

  private static TransferRecord record(TransferRecordMessage from) {
    return switch (from.getKind()) {
      case NOT_STARTED -> new TransferRecord.NotStarted();
      case FORBIDDEN -> new TransferRecord.Forbidden(from.getError());
      case STARTED -> new TransferRecord.Started();
      case ENDED -> new TransferRecord.Ended(from.getError());
      case INTERRUPTED -> new TransferRecord.Interrupted(from.getAttempts());
      case UNRECOGNIZED -> throw new BadMessage("transfer: a kind that this server does not know");
    };
  }

  static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
