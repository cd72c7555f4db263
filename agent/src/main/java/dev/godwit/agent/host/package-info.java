/** The local daemon: connections, events. */
@NullMarked
package dev.godwit.agent.host;

import org.jspecify.annotations.NullMarked;
