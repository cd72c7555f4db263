@NullMarked
package dev.godwit.simulation.files;

import org.jspecify.annotations.NullMarked;
