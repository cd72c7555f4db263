@NullMarked
package dev.godwit.simulation.store;

import org.jspecify.annotations.NullMarked;
