package dev.godwit.core.migration.transfer;

import java.time.Instant;

/** What one host was seen to hold; silence is not evidence, a fence is. */
public sealed interface HostView {
  /** The host, its agent or its daemon does not answer. */
  record Unknown(String why) implements HostView {}

  /** It answered. */
  record Seen(Instant at, GuestView guest, TransferRecord transfer) implements HostView {}

  /**
   * It is known dead: somebody who can tell (an operator, a fencing device) has recorded that
   * nothing runs there any more. What is on its disks may come back with it, and what it ran before
   * it died is not known. It is not asked and not ordered anything until it is no longer fenced.
   *
   * @param by who recorded it
   */
  record Fenced(String by, Instant since) implements HostView {}

  /** Never looked: nothing may be concluded. */
  HostView NOT_LOOKED = new Unknown("not looked yet");
}
