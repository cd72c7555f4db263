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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

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
    Supplier<Optional<String>> move =
        domain.active(
            "migrate",
            guest -> {
              if (has(parameters, MigrateFlag.POSTCOPY_RESUME)) {
                return resume(guest, parameters);
              }
              if (guest.job != Job.NONE) {
                throw LibvirtException.reported(
                    ErrorCode.OPERATION_INVALID, "another migration job is already running");
              }
              return PeerToPeer.begin(
                      connection.daemon(), guest, parameters, Thread.currentThread())
                  ::result;
            });
    connection.await("migrate", () -> move.get().isPresent());
    Optional<String> error = move.get().filter(text -> !text.isEmpty());
    if (error.isPresent()) {
      throw LibvirtException.reported(ErrorCode.OPERATION_FAILED, error.get());
    }
  }

  private Supplier<Optional<String>> resume(Guest guest, MigrateParameters parameters) {
    if (guest.job != Job.OUTGOING || guest.postCopy.isEmpty()) {
      throw LibvirtException.reported(
          ErrorCode.OPERATION_INVALID, "no outgoing migration of the domain can be resumed");
    }
    if (guest.phase != Phase.POST_COPY_FAILED || guest.resuming) {
      throw LibvirtException.reported(ErrorCode.OPERATION_INVALID, PostCopyResume.MONITORED);
    }
    return PostCopyResume.begin(
            domain.connection().daemon(),
            guest,
            guest.postCopy.get(),
            parameters,
            Thread.currentThread())
        ::result;
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
              case OUTGOING -> new JobStats(JobType.UNBOUNDED, figures(guest));
              case INCOMING ->
                  throw LibvirtException.reported(
                      ErrorCode.OPERATION_UNSUPPORTED,
                      "migration statistics are available only on the source host");
            });
  }

  private static TypedParameters figures(Guest guest) {
    Guest.Copy copy = guest.copy;
    Map<String, Value> values =
        Map.of(
            "operation", new Whole(JobOperation.MIGRATION_OUT.code()),
            "memory_total", new Whole(copy.totalBytes),
            "memory_processed", new Whole(copy.sentBytes),
            "memory_remaining", new Whole(Math.max(0, copy.totalBytes - copy.sentBytes)),
            "memory_iteration", new Whole(copy.iteration),
            "memory_postcopy_requests", new Whole(guest.postCopy.isPresent() ? 1 : 0));
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
          if (List.of(flags).contains(AbortFlag.POSTCOPY)) {
            return pausePostCopy(guest);
          }
          if (guest.postCopy.isPresent()) {
            throw LibvirtException.reported(
                ErrorCode.OPERATION_INVALID, "cannot abort migration in post-copy mode");
          }
          guest.copy.abortAsked = true;
          return true;
        });
  }

  private static boolean pausePostCopy(Guest guest) {
    if (guest.postCopy.isEmpty()) {
      throw LibvirtException.reported(
          ErrorCode.OPERATION_INVALID, "current job is not outgoing migration in post-copy mode");
    }
    if (!guest.postCopy.get().pause()) {
      throw LibvirtException.reported(
          ErrorCode.INTERNAL_ERROR,
          "migrate-pause is currently only supported during postcopy-active state");
    }
    return true;
  }

  @Override
  public void startPostCopy() {
    domain.active(
        "start post-copy",
        guest -> {
          if (guest.job != Job.OUTGOING
              || guest.phase != Phase.PERFORM
              || !guest.copy.postCopyPermitted) {
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
