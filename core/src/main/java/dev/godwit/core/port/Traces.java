package dev.godwit.core.port;

import dev.godwit.core.migration.StepReply;
import dev.godwit.core.model.Epoch;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.Trace;
import java.util.List;

/** What hosts still hold of Godwit's. */
public interface Traces {
  /** Everything that carries its mark or lies in its places, living or not. */
  Answer<List<Trace>> traces(HostName host);

  /**
   * Removes one; refused unless the agent proves again that it is what that migration made of that
   * instance, and that nothing uses it. A repeat finds nothing and is done.
   */
  StepReply remove(Removal removal);

  /**
   * An order to remove, fenced as a migration's orders are.
   *
   * @param migration the one that made it; its record says that it is over
   * @param name as in {@link Trace#name()}
   */
  record Removal(
      HostName host,
      MigrationId migration,
      Epoch epoch,
      InstanceId instance,
      Trace.Kind kind,
      String name) {}
}
