@NullMarked
package dev.godwit.simulation.time;

import org.jspecify.annotations.NullMarked;
