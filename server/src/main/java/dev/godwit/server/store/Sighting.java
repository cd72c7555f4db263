package dev.godwit.server.store;

import dev.godwit.core.model.HostName;
import java.time.Instant;

/**
 * What a host was seen to hold.
 *
 * @param sentence for people, without its full stop
 * @param view the view as it was recorded, for those who know the records
 */
public record Sighting(Instant at, HostName host, String sentence, String view) {}
