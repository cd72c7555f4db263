/** Leftovers: what hosts hold that no living migration and no instance of theirs needs. */
@NullMarked
package dev.godwit.server.leftovers;

import org.jspecify.annotations.NullMarked;
