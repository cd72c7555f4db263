/** The guest that proves that it never stopped and lost nothing. */
@NullMarked
package dev.godwit.lab.guest;

import org.jspecify.annotations.NullMarked;
