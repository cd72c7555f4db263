package dev.godwit.core.migration.transfer;

/** What the source's agent remembers, on disk, of the transfer it was ordered. */
public sealed interface TransferRecord {
  /** Never ordered here. */
  record NotStarted() implements TransferRecord {}

  /**
   * The call was never made here, and never will be.
   *
   * @param why it was forbidden, or could not be made
   */
  record Forbidden(String why) implements TransferRecord {}

  /** The call is made, or may have been made. */
  record Started() implements TransferRecord {}

  /**
   * The call returned, or was found to be over.
   *
   * @param error libvirt's text; empty on success. It proves nothing about where the guest is
   */
  record Ended(String error) implements TransferRecord {}

  /**
   * The agent restarted and found no job although it had noted the start: it may be ordered again.
   */
  record Interrupted(int attempts) implements TransferRecord {}
}
