package dev.godwit.server.store;

import java.time.Instant;
import java.util.Optional;

/** Somebody's word that a host is dead for certain. */
public record Fence(String by, Instant since, Optional<String> reason) {}
