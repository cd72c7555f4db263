/** The whole system in worlds of simulated time: one seed, one history. */
@NullMarked
package dev.godwit.simulation;

import org.jspecify.annotations.NullMarked;
