/** Settle: what follows the commit, forward only. */
@NullMarked
package dev.godwit.core.migration.settle;

import org.jspecify.annotations.NullMarked;
