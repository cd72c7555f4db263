package dev.godwit.core.migration.plan;

import dev.godwit.core.model.Refusal;

/** One pre-check's outcome; a passed one keeps what was found, too. */
public record CheckResult(boolean passed, Refusal detail) {}
