package dev.godwit.core.migration;

import dev.godwit.core.model.HostName;

/**
 * An operator's word on which host a guest's disks are the ones, where nothing that can be looked
 * at tells.
 *
 * @param home the source or the destination
 * @param by who said it
 * @param reason how that is known
 */
public record Ruling(HostName home, String by, String reason) {}
