package dev.godwit.agent.look;

import dev.godwit.agent.note.Note;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.MigrationSample;
import dev.godwit.libvirt.JobStats;

/** Nobody is listening: news may always be lost. */
public final class Silence implements Reports {
  @Override
  public void seen(Note note, HostView view) {}

  @Override
  public void progress(MigrationId migration, MigrationSample sample) {}

  @Override
  public void completed(MigrationId migration, JobStats stats) {}

  @Override
  public void power(InstanceId instance) {}
}
