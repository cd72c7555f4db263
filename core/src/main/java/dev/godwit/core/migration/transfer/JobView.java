package dev.godwit.core.migration.transfer;

/** What virDomainGetJobInfo said. */
public enum JobView {
  /** No job: the peer-to-peer thread, or Finish, is over. */
  NONE,
  /** An outgoing migration, also one whose post-copy failed. */
  OUTGOING,
  /** VIR_ERR_OPERATION_UNSUPPORTED: the incoming job lives. */
  INCOMING,
  /** Another job (a backup, a dump): not ours. */
  OTHER
}
