package dev.godwit.libvirt;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;

/** A domain's job, through the C library. */
final class NativeDomainJob implements DomainJob {
  private static final int COMPLETED = 1;
  private static final int KEEP_COMPLETED = 2;
  private static final int POST_COPY_SPEED = 1;
  private static final long MOST_MIB_PER_SECOND = Long.MAX_VALUE >> 20;

  private final NativeDomain domain;

  NativeDomainJob(NativeDomain domain) {
    this.domain = domain;
  }

  @Override
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

  @Override
  public JobInfo info() {
    return domain.call(
        "get job info",
        (call, pointer) -> {
          MemorySegment info = call.arena().allocate(Structs.JOB_INFO_BYTES, 8);
          call.check(call.c().virDomainGetJobInfo(pointer, info));
          return Structs.jobInfo(info);
        });
  }

  @Override
  public JobStats stats() {
    return stats(0);
  }

  @Override
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

  @Override
  public void abort(AbortFlag... flags) {
    domain.act(
        "abort the job",
        (call, pointer) -> call.c().virDomainAbortJobFlags(pointer, Flag.bits(List.of(flags))));
  }

  @Override
  public void startPostCopy() {
    domain.act(
        "start post-copy", (call, pointer) -> call.c().virDomainMigrateStartPostCopy(pointer, 0));
  }

  @Override
  public Duration maxDowntime() {
    return domain.call(
        "get the maximum downtime",
        (call, pointer) -> {
          MemorySegment value = call.arena().allocate(JAVA_LONG);
          call.check(call.c().virDomainMigrateGetMaxDowntime(pointer, value, 0));
          return Duration.ofMillis(value.get(JAVA_LONG, 0));
        });
  }

  @Override
  public void setMaxDowntime(Duration limit) {
    if (limit.toMillis() < 1) {
      throw new IllegalArgumentException(
          "a migration's maximum downtime is at least 1 ms, found " + limit);
    }
    domain.act(
        "set the maximum downtime",
        (call, pointer) -> call.c().virDomainMigrateSetMaxDowntime(pointer, limit.toMillis(), 0));
  }

  @Override
  public long maxSpeedMibPerSecond() {
    return domain.call(
        "get the bandwidth",
        (call, pointer) -> {
          MemorySegment value = call.arena().allocate(JAVA_LONG);
          call.check(call.c().virDomainMigrateGetMaxSpeed(pointer, value, 0));
          return value.get(JAVA_LONG, 0);
        });
  }

  @Override
  public void setMaxSpeedMibPerSecond(long limit) {
    checkSpeed(limit);
    domain.act(
        "set the bandwidth",
        (call, pointer) -> call.c().virDomainMigrateSetMaxSpeed(pointer, limit, 0));
  }

  @Override
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
