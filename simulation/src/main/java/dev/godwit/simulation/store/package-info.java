/** The real record on a database in memory, which fails as databases do. */
@NullMarked
package dev.godwit.simulation.store;

import org.jspecify.annotations.NullMarked;
