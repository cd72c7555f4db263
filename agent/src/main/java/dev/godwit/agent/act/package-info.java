/** Orders carried out: one class per side of a move, behind the fence. */
@NullMarked
package dev.godwit.agent.act;

import org.jspecify.annotations.NullMarked;
