package dev.godwit.core.migration.transfer;

import java.time.Instant;

/** What one host was seen to hold; silence is not evidence. */
public sealed interface HostView {
  /** The host, its agent or its daemon does not answer. */
  record Unknown(String why) implements HostView {}

  /** It answered. */
  record Seen(Instant at, GuestView guest, TransferRecord transfer) implements HostView {}

  /** Never looked: nothing may be concluded. */
  HostView NOT_LOOKED = new Unknown("not looked yet");
}
