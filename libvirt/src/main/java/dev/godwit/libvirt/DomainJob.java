package dev.godwit.libvirt;

import java.time.Duration;

/** A domain's migration, and whatever else works on it for long. */
public interface DomainJob {
  /**
   * Moves the guest (virDomainMigrateToURI3). Blocks its connection until the move is over, so give
   * it one of its own; other connections watch and steer it. Neither its return nor its exception
   * proves where the guest runs: look at both hosts.
   *
   * @param deadline after it the connection is given up; a peer-to-peer move goes on without it
   */
  void migrate(MigrateParameters parameters, Duration deadline);

  /**
   * The job's type and main figures (virDomainGetJobInfo).
   *
   * @throws LibvirtException {@link LibvirtException#isOperationUnsupported} while the domain is
   *     arriving from another host
   */
  JobInfo info();

  /** The running job's statistics (virDomainGetJobStats). */
  JobStats stats();

  /**
   * Statistics of the last job that is over; type NONE when there is none.
   *
   * @param keep leaves them to be read again
   */
  JobStats completedStats(boolean keep);

  /** Ends the job (virDomainAbortJobFlags); asynchronous: it is over when its type is NONE. */
  void abort(AbortFlag... flags);

  /** Switches a migration that was begun with POSTCOPY (virDomainMigrateStartPostCopy). */
  void startPostCopy();

  /** The pause that the migration may make at its end. */
  Duration maxDowntime();

  /**
   * Sets that pause, also while the migration runs.
   *
   * @param limit at least a millisecond
   */
  void setMaxDowntime(Duration limit);

  /** The limit of the copy's bandwidth. */
  long maxSpeedMibPerSecond();

  /** Sets that limit, also while the migration runs; 0 means none. */
  void setMaxSpeedMibPerSecond(long limit);

  /** The limit of the second, post-copy part. */
  void setPostCopySpeedMibPerSecond(long limit);
}
