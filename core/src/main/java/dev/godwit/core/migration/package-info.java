/** The life of a migration: phases, observations, orders and the one function that decides. */
@NullMarked
package dev.godwit.core.migration;

import org.jspecify.annotations.NullMarked;
