/** Owners' wishes, and what is told of guests and hosts before a move. */
@NullMarked
package dev.godwit.agent.guest;

import org.jspecify.annotations.NullMarked;
