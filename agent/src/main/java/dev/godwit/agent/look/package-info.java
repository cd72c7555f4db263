/** What a migration's guest looks like here, now. */
@NullMarked
package dev.godwit.agent.look;

import org.jspecify.annotations.NullMarked;
