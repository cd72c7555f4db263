package dev.godwit.server.fleet;

import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.model.GuestListing;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.MigrationSample;
import java.util.List;

/** Who wants to know what agents report. */
public interface News {
  /** A host is heard that was not before: what waits for it may go on. */
  void heard(HostName host);

  /** A migration's guest looks like this on a host, a moment ago. */
  void seen(HostName host, MigrationId migration, HostView view);

  /** Progress of a copy. */
  void progress(MigrationId migration, MigrationSample sample);

  /** A guest of a host, as it is now. */
  void guest(HostName host, GuestListing guest);

  /** All guests that a host's libvirt knows. */
  void guests(HostName host, List<GuestListing> guests);
}
