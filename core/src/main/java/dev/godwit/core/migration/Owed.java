package dev.godwit.core.migration;

import dev.godwit.core.model.HostName;

/**
 * A step that waits for a host that is known dead. The migration ends without it and says so; when
 * the host is back, the migration goes on from the first such step to its end.
 *
 * @param host whose return is awaited: the step may be another host's and wait for this one
 * @param step name of a {@link dev.godwit.core.migration.settle.SettleStep} after the commit, of a
 *     {@link dev.godwit.core.migration.prepare.RollbackStep} on the way back
 */
public record Owed(HostName host, String step) {}
