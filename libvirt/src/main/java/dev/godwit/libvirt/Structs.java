package dev.godwit.libvirt;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.time.Duration;

/** Reads libvirt's public structures, which never change their layout. */
final class Structs {
  static final long JOB_INFO_BYTES = 96;
  static final long BLOCK_INFO_BYTES = 24;
  static final long BLOCK_JOB_INFO_BYTES = 32;

  private Structs() {}

  static NodeInfo nodeInfo(MemorySegment info) {
    return new NodeInfo(
        info.getString(0),
        info.get(JAVA_LONG, 32) * 1024,
        info.get(JAVA_INT, 40),
        info.get(JAVA_INT, 44),
        info.get(JAVA_INT, 48),
        info.get(JAVA_INT, 52),
        info.get(JAVA_INT, 56),
        info.get(JAVA_INT, 60));
  }

  static JobInfo jobInfo(MemorySegment info) {
    return new JobInfo(
        JobType.of(info.get(JAVA_INT, 0)),
        Duration.ofMillis(info.get(JAVA_LONG, 8)),
        info.get(JAVA_LONG, 24),
        info.get(JAVA_LONG, 32),
        info.get(JAVA_LONG, 40),
        info.get(JAVA_LONG, 48),
        info.get(JAVA_LONG, 56),
        info.get(JAVA_LONG, 64),
        info.get(JAVA_LONG, 72),
        info.get(JAVA_LONG, 80),
        info.get(JAVA_LONG, 88));
  }

  static BlockInfo blockInfo(MemorySegment info) {
    return new BlockInfo(info.get(JAVA_LONG, 0), info.get(JAVA_LONG, 8), info.get(JAVA_LONG, 16));
  }

  static BlockJobInfo blockJobInfo(MemorySegment info) {
    return new BlockJobInfo(
        BlockJobType.of(info.get(JAVA_INT, 0)),
        info.get(JAVA_LONG, 8),
        info.get(JAVA_LONG, 16),
        info.get(JAVA_LONG, 24));
  }
}
