package dev.godwit.core.migration;

import dev.godwit.core.model.Epoch;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;

/** An act for one host, fenced by (migration, epoch). */
public record Order(
    MigrationId migration, Epoch epoch, InstanceId instance, HostName host, Act act) {}
