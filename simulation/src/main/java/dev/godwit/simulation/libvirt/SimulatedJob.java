package dev.godwit.simulation.libvirt;

import dev.godwit.libvirt.AbortFlag;
import dev.godwit.libvirt.DomainJob;
import dev.godwit.libvirt.ErrorCode;
import dev.godwit.libvirt.JobInfo;
import dev.godwit.libvirt.JobOperation;
import dev.godwit.libvirt.JobStats;
import dev.godwit.libvirt.JobType;
import dev.godwit.libvirt.LibvirtException;
import dev.godwit.libvirt.MigrateFlag;
import dev.godwit.libvirt.MigrateParameters;
import dev.godwit.libvirt.TypedParameters;
import dev.godwit.libvirt.TypedParameters.Value;
import dev.godwit.libvirt.TypedParameters.Whole;
import dev.godwit.simulation.libvirt.Guest.Job;
import dev.godwit.simulation.libvirt.Guest.Phase;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** A domain's job at a simulated daemon. */
final class SimulatedJob implements DomainJob {
  private final SimulatedDomain domain;

  SimulatedJob(SimulatedDomain domain) {
    this.domain = domain;
  }

  /** The daemon moves it; this client only waits, and may go away. */
  @Override
  public void migrate(MigrateParameters parameters, Duration deadline) {
    SimulatedConnection connection = domain.connection();
    PeerToPeer move =
        domain.active(
            "migrate",
            guest -> {
              if (guest.job != Job.NONE) {
                throw LibvirtException.reported(
                    ErrorCode.OPERATION_INVALID, "another migration job is already running");
              }
              return PeerToPeer.begin(
                  connection.daemon(), guest, parameters, Thread.currentThread());
            });
    connection.await("migrate", () -> move.result().isPresent());
    Optional<String> error = move.result().filter(text -> !text.isEmpty());
    if (error.isPresent()) {
      throw LibvirtException.reported(ErrorCode.OPERATION_FAILED, error.get());
    }
  }

  @Override
  public JobInfo info() {
    JobStats stats = stats();
    return new JobInfo(stats.type(), Duration.ZERO, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  @Override
  public JobStats stats() {
    return domain.active(
        "job statistics",
        guest ->
            switch (guest.job) {
              case NONE -> new JobStats(JobType.NONE, new TypedParameters(Map.of()));
              case OUTGOING -> new JobStats(JobType.UNBOUNDED, figures(guest.copy));
              case INCOMING ->
                  throw LibvirtException.reported(
                      ErrorCode.OPERATION_UNSUPPORTED,
                      "migration statistics are available only on the source host");
            });
  }

  private static TypedParameters figures(Guest.Copy copy) {
    Map<String, Value> values =
        Map.of(
            "operation", new Whole(JobOperation.MIGRATION_OUT.code()),
            "memory_total", new Whole(copy.totalBytes),
            "memory_processed", new Whole(copy.sentBytes),
            "memory_remaining", new Whole(Math.max(0, copy.totalBytes - copy.sentBytes)),
            "memory_iteration", new Whole(copy.iteration));
    return new TypedParameters(values);
  }

  @Override
  public JobStats completedStats(boolean keep) {
    return new JobStats(JobType.NONE, new TypedParameters(Map.of()));
  }

  @Override
  public void abort(AbortFlag... flags) {
    domain.active(
        "abort",
        guest -> {
          if (guest.job != Job.OUTGOING) {
            throw LibvirtException.reported(
                ErrorCode.OPERATION_INVALID, "no job is active on the domain");
          }
          if (guest.copy.postCopy) {
            throw LibvirtException.reported(
                ErrorCode.OPERATION_INVALID, "cannot abort migration in post-copy mode");
          }
          guest.copy.abortAsked = true;
          return true;
        });
  }

  @Override
  public void startPostCopy() {
    domain.active(
        "start post-copy",
        guest -> {
          if (guest.job != Job.OUTGOING || guest.phase != Phase.PERFORM) {
            throw LibvirtException.reported(
                ErrorCode.OPERATION_INVALID, "post-copy can only be started while migrating");
          }
          guest.copy.postCopyAsked = true;
          return true;
        });
  }

  @Override
  public Duration maxDowntime() {
    return Duration.ofMillis(300);
  }

  @Override
  public void setMaxDowntime(Duration limit) {
    domain.active("set max downtime", guest -> true);
  }

  @Override
  public long maxSpeedMibPerSecond() {
    return 0;
  }

  @Override
  public void setMaxSpeedMibPerSecond(long limit) {
    domain.active("set max speed", guest -> true);
  }

  @Override
  public void setPostCopySpeedMibPerSecond(long limit) {
    domain.active("set post-copy speed", guest -> true);
  }

  /** The flags of a move that its domain has to obey. */
  static boolean has(MigrateParameters parameters, MigrateFlag flag) {
    return parameters.flags().contains(flag);
  }
}
