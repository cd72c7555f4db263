package dev.godwit.libvirt;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * A measurement of how fast the guest writes its memory.
 *
 * @param period how long was measured
 * @param mebibytesPerSecond empty until it is measured
 */
public record DirtyRate(DirtyRateStatus status, Duration period, OptionalLong mebibytesPerSecond) {}
