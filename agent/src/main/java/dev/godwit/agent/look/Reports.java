package dev.godwit.agent.look;

import dev.godwit.agent.note.Note;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.MigrationSample;
import dev.godwit.libvirt.JobStats;

/** Where news for the server goes; it only wakes the server early, so it may be lost. */
public interface Reports {
  /** A migration's guest looks like this now. */
  void seen(Note note, HostView view);

  /** Progress of a copy. */
  void progress(MigrationId migration, MigrationSample sample);

  /** Statistics of a copy that went well. */
  void completed(MigrationId migration, JobStats stats);

  /** A guest's power state may have changed. */
  void power(InstanceId instance);
}
