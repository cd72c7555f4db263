/** Simulated time, and the processes that live in it: one thread, and one seed tells all. */
@NullMarked
package dev.godwit.simulation.time;

import org.jspecify.annotations.NullMarked;
