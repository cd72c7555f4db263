/** The nouns, and the life of a migration: pure functions, no I/O, no clock, no thread, no log. */
@NullMarked
package dev.godwit.core;

import org.jspecify.annotations.NullMarked;
