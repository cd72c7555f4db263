package dev.godwit.libvirt;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;

/** A domain's migration, and whatever else works on it for long. */
public final class DomainJob {
  private static final int COMPLETED = 1;
  private static final int KEEP_COMPLETED = 2;
  private static final int POST_COPY_SPEED = 1;
  private static final long MOST_MIB_PER_SECOND = Long.MAX_VALUE >> 20;

  private final Domain domain;

  DomainJob(Domain domain) {
    this.domain = domain;
  }

  /**
   * Moves the guest (virDomainMigrateToURI3). Blocks its connection until the move is over, so give
   * it one of its own; other connections watch and steer it. Neither its return nor its exception
   * proves where the guest runs: look at both hosts.
   *
   * @param deadline after it the connection is given up; a peer-to-peer move goes on without it
   */
  public void migrate(MigrateParameters parameters, Duration deadline) {
    domain.call(
        "migrate",
        deadline,
        (call, pointer) -> {
          TypedParams.Native array =
              TypedParams.write(call.c(), call.arena(), parameters.parameters());
          try {
            return call.check(
                call.c()
                    .virDomainMigrateToURI3(
                        pointer,
                        call.text(parameters.destinationUri()),
                        array.array(),
                        array.size(),
                        Flag.bits(parameters.flags())));
          } finally {
            array.free(call.c());
          }
        });
  }

  /**
   * The job's type and main figures (virDomainGetJobInfo).
   *
   * @throws LibvirtException {@link LibvirtException#isOperationUnsupported} while the domain is
   *     arriving from another host
   */
  public JobInfo info() {
    return domain.call(
        "get job info",
        (call, pointer) -> {
          MemorySegment info = call.arena().allocate(Structs.JOB_INFO_BYTES, 8);
          call.check(call.c().virDomainGetJobInfo(pointer, info));
          return Structs.jobInfo(info);
        });
  }

  /** The running job's statistics (virDomainGetJobStats). */
  public JobStats stats() {
    return stats(0);
  }

  /**
   * Statistics of the last job that is over; type NONE when there is none.
   *
   * @param keep leaves them to be read again
   */
  public JobStats completedStats(boolean keep) {
    return stats(keep ? COMPLETED | KEEP_COMPLETED : COMPLETED);
  }

  private JobStats stats(int flags) {
    return domain.call(
        "get job statistics",
        (call, pointer) -> {
          MemorySegment type = call.arena().allocate(JAVA_INT);
          MemorySegment cell = call.arena().allocate(ADDRESS);
          MemorySegment count = call.arena().allocate(JAVA_INT);
          call.check(call.c().virDomainGetJobStats(pointer, type, cell, count, flags));
          MemorySegment array = Memory.follow(cell);
          int size = count.get(JAVA_INT, 0);
          try {
            return new JobStats(
                JobType.of(type.get(JAVA_INT, 0)), TypedParams.read(call.c(), array, size));
          } finally {
            call.c().virTypedParamsFree(array, size);
          }
        });
  }

  /** Ends the job (virDomainAbortJobFlags); asynchronous: it is over when its type is NONE. */
  public void abort(AbortFlag... flags) {
    domain.act(
        "abort the job",
        (call, pointer) -> call.c().virDomainAbortJobFlags(pointer, Flag.bits(List.of(flags))));
  }

  /** Switches a migration that was begun with POSTCOPY (virDomainMigrateStartPostCopy). */
  public void startPostCopy() {
    domain.act(
        "start post-copy", (call, pointer) -> call.c().virDomainMigrateStartPostCopy(pointer, 0));
  }

  /** The pause that the migration may make at its end. */
  public Duration maxDowntime() {
    return domain.call(
        "get the maximum downtime",
        (call, pointer) -> {
          MemorySegment value = call.arena().allocate(JAVA_LONG);
          call.check(call.c().virDomainMigrateGetMaxDowntime(pointer, value, 0));
          return Duration.ofMillis(value.get(JAVA_LONG, 0));
        });
  }

  /**
   * Sets that pause, also while the migration runs.
   *
   * @param limit at least a millisecond
   */
  public void setMaxDowntime(Duration limit) {
    if (limit.toMillis() < 1) {
      throw new IllegalArgumentException(
          "a migration's maximum downtime is at least 1 ms, found " + limit);
    }
    domain.act(
        "set the maximum downtime",
        (call, pointer) -> call.c().virDomainMigrateSetMaxDowntime(pointer, limit.toMillis(), 0));
  }

  /** The limit of the copy's bandwidth. */
  public long maxSpeedMibPerSecond() {
    return domain.call(
        "get the bandwidth",
        (call, pointer) -> {
          MemorySegment value = call.arena().allocate(JAVA_LONG);
          call.check(call.c().virDomainMigrateGetMaxSpeed(pointer, value, 0));
          return value.get(JAVA_LONG, 0);
        });
  }

  /** Sets that limit, also while the migration runs; 0 means none. */
  public void setMaxSpeedMibPerSecond(long limit) {
    checkSpeed(limit);
    domain.act(
        "set the bandwidth",
        (call, pointer) -> call.c().virDomainMigrateSetMaxSpeed(pointer, limit, 0));
  }

  /** The limit of the second, post-copy part. */
  public void setPostCopySpeedMibPerSecond(long limit) {
    checkSpeed(limit);
    domain.act(
        "set the post-copy bandwidth",
        (call, pointer) -> call.c().virDomainMigrateSetMaxSpeed(pointer, limit, POST_COPY_SPEED));
  }

  private static void checkSpeed(long mibPerSecond) {
    if (mibPerSecond < 0 || mibPerSecond > MOST_MIB_PER_SECOND) {
      throw new IllegalArgumentException(
          "a bandwidth must be from 0 to " + MOST_MIB_PER_SECOND + " MiB/s, found " + mibPerSecond);
    }
  }
}
