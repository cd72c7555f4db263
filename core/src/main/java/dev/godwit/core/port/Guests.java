package dev.godwit.core.port;

import dev.godwit.core.migration.StepReply;
import dev.godwit.core.model.GuestListing;
import dev.godwit.core.model.GuestSpec;
import dev.godwit.core.model.GuestTask;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.PowerAction;
import java.util.List;

/**
 * Owners' wishes for their guests, outside migrations. Each is a desired state: a repeat is a
 * no-op. One that comes late, after a later turn's, is refused.
 */
public interface Guests {
  /** Makes disks and domain and starts it. On refusal nothing is left. */
  StepReply create(HostName host, GuestTask task, GuestSpec spec);

  /** Changes the power state; refused while a migration's job runs on the guest. */
  StepReply power(HostName host, GuestTask task, PowerAction action);

  /** Destroys and undefines the domain and removes the disks that Godwit made for it. */
  StepReply delete(HostName host, GuestTask task);

  /** Every domain on the host. */
  Answer<List<GuestListing>> list(HostName host);

  /** Marks a domain as Godwit's without touching its run, and tells what it is. */
  Answer<GuestListing> adopt(HostName host, InstanceId instance);
}
