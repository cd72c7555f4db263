package dev.godwit.core.migration;

import dev.godwit.core.model.Epoch;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;

/** An act for one host, fenced by (migration, epoch). */
public record Order(
    MigrationId migration, Epoch epoch, InstanceId instance, HostName host, Act act) {
  /**
   * True for what only pushes a copy towards its end. Nothing is decided by its answer, and the
   * guest may arrive while libvirt still works at it, so nobody has to wait for it.
   */
  public boolean pushes() {
    return act instanceof Act.AbortTransfer
        || act instanceof Act.StartPostCopy
        || act instanceof Act.PauseToComplete;
  }
}
