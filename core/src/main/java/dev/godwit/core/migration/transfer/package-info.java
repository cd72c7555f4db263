/** Transfer: what the two hosts' states mean, row by row, and when to commit. */
@NullMarked
package dev.godwit.core.migration.transfer;

import org.jspecify.annotations.NullMarked;
