/**
 * The torture: moves of real guests, struck at every moment by whatever can break, and looked at
 * from outside afterwards.
 */
@NullMarked
package dev.godwit.lab.torture;

import org.jspecify.annotations.NullMarked;
