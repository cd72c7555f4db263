@NullMarked
package dev.godwit.simulation.world;

import org.jspecify.annotations.NullMarked;
