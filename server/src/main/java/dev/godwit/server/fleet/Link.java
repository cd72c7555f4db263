package dev.godwit.server.fleet;

import dev.godwit.core.port.Guests;
import dev.godwit.core.port.Hosts;
import dev.godwit.core.port.Traces;

/** The way to the hosts: what is asked of them goes out, what they announce and report comes in. */
public interface Link extends AutoCloseable {
  /** The hosts, for migrations. */
  Hosts hosts();

  /** The hosts, for guests outside migrations. */
  Guests guests();

  /** The hosts, for what they still hold. */
  Traces traces();

  /** Hears the hosts from now on: announcements go to the fleet, reports to whom they concern. */
  void start(Fleet fleet, News news);

  @Override
  void close();
}
