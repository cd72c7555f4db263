/** A neighbour on the guests' network that watches from outside. */
@NullMarked
package dev.godwit.lab.probe;

import org.jspecify.annotations.NullMarked;
