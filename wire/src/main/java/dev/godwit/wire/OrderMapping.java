package dev.godwit.wire;

import dev.godwit.core.migration.Act;
import dev.godwit.core.migration.Order;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.plan.DiskMove;
import dev.godwit.core.model.Epoch;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.ProofId;
import dev.godwit.core.model.Refusal;
import dev.godwit.wire.proto.Disks;
import dev.godwit.wire.proto.Fence;
import dev.godwit.wire.proto.Nothing;
import dev.godwit.wire.proto.OrderMessage;
import dev.godwit.wire.proto.ReplyMessage;
import java.util.List;
import java.util.Optional;

/** Orders and their replies. */
public final class OrderMapping {
  private static final Nothing NOTHING = Nothing.getDefaultInstance();

  private OrderMapping() {}

  /** To the agent. */
  public static OrderMessage message(Order order) {
    OrderMessage.Builder to =
        OrderMessage.newBuilder()
            .setFence(fence(order.migration(), order.epoch()))
            .setInstance(order.instance().toString())
            .setHost(order.host().value());
    act(to, order.act());
    return to.build();
  }

  /** The fence of a migration's owner. */
  public static Fence fence(MigrationId migration, Epoch epoch) {
    return Fence.newBuilder().setMigration(migration.toString()).setEpoch(epoch.value()).build();
  }

  private static void act(OrderMessage.Builder to, Act act) {
    switch (act) {
      case Act.PrepareDirectories(var disks) -> to.setPrepareDirectories(disks(disks));
      case Act.PrepareDisks(var disks) -> to.setPrepareDisks(disks(disks));
      case Act.DisarmAutostart() -> to.setDisarmAutostart(NOTHING);
      case Act.StartTransfer(var plan) -> to.setStartTransfer(PlanMapping.message(plan));
      case Act.AbortTransfer() -> to.setAbortTransfer(NOTHING);
      case Act.StartPostCopy() -> to.setStartPostCopy(NOTHING);
      case Act.RecoverPostCopy(var plan) -> to.setRecoverPostCopy(PlanMapping.message(plan));
      case Act.PauseToComplete() -> to.setPauseToComplete(NOTHING);
      case Act.FenceSource(boolean looked) ->
          to.setFenceSource(dev.godwit.wire.proto.FenceSource.newBuilder().setLooked(looked));
      case Act.SuspendStray() -> to.setSuspendStray(NOTHING);
      case Act.ResumeSource() -> to.setResumeSource(NOTHING);
      case Act.RunAtDestination(boolean resume, boolean autostart) ->
          to.setRunAtDestination(
              dev.godwit.wire.proto.RunAtDestination.newBuilder()
                  .setResume(resume)
                  .setAutostart(autostart));
      case Act.ClearDestinationDomain() -> to.setClearDestinationDomain(NOTHING);
      case Act.ClearDestinationFiles(var disks) -> to.setClearDestinationFiles(disks(disks));
      case Act.RestoreSource(boolean autostart, boolean resume, boolean needed) ->
          to.setRestoreSource(
              dev.godwit.wire.proto.RestoreSource.newBuilder()
                  .setAutostart(autostart)
                  .setResume(resume)
                  .setNeeded(needed));
      case Act.ClearSourceDefinition() -> to.setClearSourceDefinition(NOTHING);
      case Act.ClearSourceFiles(var disks) -> to.setClearSourceFiles(disks(disks));
      case Act.OwnDestinationFiles(var disks) -> to.setOwnDestinationFiles(disks(disks));
    }
  }

  private static Disks disks(List<DiskMove> disks) {
    return Disks.newBuilder().addAllDisks(disks.stream().map(PlanMapping::disk).toList()).build();
  }

  /** From the server, checked. */
  public static Order order(OrderMessage from) {
    return new Order(
        Checked.migration(from.getFence().getMigration()),
        epoch(from.getFence()),
        Checked.instance(from.getInstance()),
        Checked.host(from.getHost()),
        act(from));
  }

  /** The fence of a proof's owner. */
  public static Fence fence(ProofId proof) {
    return fence(proof.migration(), proof.epoch());
  }

  /** The proof of a fence's owner, checked. */
  public static ProofId proof(Fence fence) {
    return new ProofId(Checked.migration(fence.getMigration()), epoch(fence));
  }

  /** The epoch of a fence, checked. */
  public static Epoch epoch(Fence fence) {
    if (fence.getEpoch() < 0) {
      throw new BadMessage("epoch: expected at least 0, found " + fence.getEpoch());
    }
    return new Epoch(fence.getEpoch());
  }

  private static Act act(OrderMessage from) {
    return switch (from.getActCase()) {
      case PREPARE_DIRECTORIES -> new Act.PrepareDirectories(moves(from.getPrepareDirectories()));
      case PREPARE_DISKS -> new Act.PrepareDisks(moves(from.getPrepareDisks()));
      case DISARM_AUTOSTART -> new Act.DisarmAutostart();
      case START_TRANSFER -> new Act.StartTransfer(PlanMapping.plan(from.getStartTransfer()));
      case ABORT_TRANSFER -> new Act.AbortTransfer();
      case START_POST_COPY -> new Act.StartPostCopy();
      case RECOVER_POST_COPY ->
          new Act.RecoverPostCopy(PlanMapping.plan(from.getRecoverPostCopy()));
      case PAUSE_TO_COMPLETE -> new Act.PauseToComplete();
      case FENCE_SOURCE -> new Act.FenceSource(from.getFenceSource().getLooked());
      case SUSPEND_STRAY -> new Act.SuspendStray();
      case RESUME_SOURCE -> new Act.ResumeSource();
      case RUN_AT_DESTINATION ->
          new Act.RunAtDestination(
              from.getRunAtDestination().getResume(), from.getRunAtDestination().getAutostart());
      case CLEAR_DESTINATION_DOMAIN -> new Act.ClearDestinationDomain();
      case CLEAR_DESTINATION_FILES ->
          new Act.ClearDestinationFiles(moves(from.getClearDestinationFiles()));
      case RESTORE_SOURCE ->
          new Act.RestoreSource(
              from.getRestoreSource().getAutostart(),
              from.getRestoreSource().getResume(),
              from.getRestoreSource().getNeeded());
      case CLEAR_SOURCE_DEFINITION -> new Act.ClearSourceDefinition();
      case CLEAR_SOURCE_FILES -> new Act.ClearSourceFiles(moves(from.getClearSourceFiles()));
      case OWN_DESTINATION_FILES ->
          new Act.OwnDestinationFiles(moves(from.getOwnDestinationFiles()));
      case ACT_NOT_SET ->
          throw new BadMessage("order: expected an act, found none this agent knows");
    };
  }

  private static List<DiskMove> moves(Disks from) {
    return Checked.atMost(Checked.MOST_DISKS, from.getDisksList(), "disks").stream()
        .map(PlanMapping::disk)
        .toList();
  }

  /** Done, or the refusal. */
  public static ReplyMessage message(StepReply reply) {
    return switch (reply) {
      case StepReply.Done(var remark) ->
          remark
              .map(it -> ReplyMessage.newBuilder().setRemark(message(it)).build())
              .orElse(ReplyMessage.getDefaultInstance());
      case StepReply.Refused(Refusal reason) ->
          ReplyMessage.newBuilder().setRefusal(message(reason)).build();
      case StepReply.None(), StepReply.Unanswered _ ->
          throw new IllegalStateException("an agent answers or refuses");
    };
  }

  /** From the agent. */
  public static StepReply reply(ReplyMessage from) {
    return from.hasRefusal()
        ? new StepReply.Refused(refusal(from.getRefusal()))
        : new StepReply.Done(
            from.hasRemark() ? Optional.of(refusal(from.getRemark())) : Optional.empty());
  }

  /** A refusal for the wire. */
  public static dev.godwit.wire.proto.Refusal message(Refusal refusal) {
    return dev.godwit.wire.proto.Refusal.newBuilder()
        .setCode(refusal.code())
        .setSubject(refusal.subject())
        .setExpected(refusal.expected())
        .setFound(refusal.found())
        .setRemedy(refusal.remedy())
        .build();
  }

  /** A refusal from the wire. */
  public static Refusal refusal(dev.godwit.wire.proto.Refusal from) {
    return new Refusal(
        from.getCode(), from.getSubject(), from.getExpected(), from.getFound(), from.getRemedy());
  }
}
