/** What the agent remembers on disk of each migration. */
@NullMarked
package dev.godwit.agent.note;

import org.jspecify.annotations.NullMarked;
