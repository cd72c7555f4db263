package dev.godwit.libvirt;

import java.time.Duration;

/**
 * The short form of a job's progress (virDomainGetJobInfo): all zero where libvirt says nothing.
 * While a domain is *arriving*, libvirt answers with OPERATION_UNSUPPORTED (84) instead.
 */
public record JobInfo(
    JobType type,
    Duration timeElapsed,
    long dataTotalBytes,
    long dataProcessedBytes,
    long dataRemainingBytes,
    long memoryTotalBytes,
    long memoryProcessedBytes,
    long memoryRemainingBytes,
    long diskTotalBytes,
    long diskProcessedBytes,
    long diskRemainingBytes) {}
