/** Prepare: what is made at the destination before the copy, and its inverse. */
@NullMarked
package dev.godwit.core.migration.prepare;

import org.jspecify.annotations.NullMarked;
