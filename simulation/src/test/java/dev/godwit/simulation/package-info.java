@NullMarked
package dev.godwit.simulation;

import org.jspecify.annotations.NullMarked;
