package dev.godwit.libvirt;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The statistics of a domain's job (virDomainGetJobStats, or the event at its end). A value is
 * empty when libvirt did not give it; which ones it gives depends on the job's phase.
 *
 * @param type what the job is doing; COMPLETED for the statistics of a job that is over
 * @param parameters everything that libvirt said, by libvirt's names
 */
public record JobStats(JobType type, TypedParameters parameters) {
  /** Of the event at a job's end, which tells of a failure only if libvirt knows of one. */
  static JobStats ofEnd(TypedParameters parameters) {
    JobStats ended = new JobStats(JobType.COMPLETED, parameters);
    return ended.success().orElse(true) ? ended : new JobStats(JobType.FAILED, parameters);
  }

  /** What the job is for; UNSPECIFIED when libvirt does not say. */
  public JobOperation operation() {
    return JobOperation.of((int) parameters.whole("operation").orElse(0));
  }

  /** Since the job's start. */
  public Optional<Duration> timeElapsed() {
    return milliseconds("time_elapsed");
  }

  /** The guest's pause: expected while the job runs, real when it is over. */
  public Optional<Duration> downtime() {
    return milliseconds("downtime");
  }

  /** From the start of the migration to its first byte of memory. */
  public Optional<Duration> setupTime() {
    return milliseconds("setup_time");
  }

  /** Bytes of memory and disks together. */
  public OptionalLong dataTotalBytes() {
    return parameters.whole("data_total");
  }

  public OptionalLong dataProcessedBytes() {
    return parameters.whole("data_processed");
  }

  public OptionalLong dataRemainingBytes() {
    return parameters.whole("data_remaining");
  }

  public OptionalLong memoryTotalBytes() {
    return parameters.whole("memory_total");
  }

  /** Bytes sent; grows beyond the total when pages are sent again. */
  public OptionalLong memoryProcessedBytes() {
    return parameters.whole("memory_processed");
  }

  public OptionalLong memoryRemainingBytes() {
    return parameters.whole("memory_remaining");
  }

  public OptionalLong diskTotalBytes() {
    return parameters.whole("disk_total");
  }

  public OptionalLong diskProcessedBytes() {
    return parameters.whole("disk_processed");
  }

  public OptionalLong diskRemainingBytes() {
    return parameters.whole("disk_remaining");
  }

  /** Bytes per second of memory, as QEMU measured it last. */
  public OptionalLong memoryBytesPerSecond() {
    return parameters.whole("memory_bps");
  }

  /** Bytes per second of disks. */
  public OptionalLong diskBytesPerSecond() {
    return parameters.whole("disk_bps");
  }

  /** Pages that the guest writes per second. */
  public OptionalLong memoryDirtyRatePagesPerSecond() {
    return parameters.whole("memory_dirty_rate");
  }

  public OptionalLong memoryPageSizeBytes() {
    return parameters.whole("memory_page_size");
  }

  /** How often the memory was gone through; 1 is the first pass. */
  public OptionalLong memoryIteration() {
    return parameters.whole("memory_iteration");
  }

  /** Pages that the destination asked for in post-copy. */
  public OptionalLong postCopyRequests() {
    return parameters.whole("memory_postcopy_requests");
  }

  /** How much the guest is slowed down, in per cent. */
  public OptionalLong autoConvergeThrottlePercent() {
    return parameters.whole("auto_converge_throttle");
  }

  /** Whether a job that is over went well. */
  public Optional<Boolean> success() {
    return parameters.truth("success");
  }

  /** Why a job that is over failed. */
  public Optional<String> errorMessage() {
    return parameters.text("errmsg");
  }

  private Optional<Duration> milliseconds(String name) {
    OptionalLong value = parameters.whole(name);
    return value.isPresent() ? Optional.of(Duration.ofMillis(value.getAsLong())) : Optional.empty();
  }
}
