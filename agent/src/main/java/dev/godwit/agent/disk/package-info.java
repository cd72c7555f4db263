/** What is written for good. */
@NullMarked
package dev.godwit.agent.disk;

import org.jspecify.annotations.NullMarked;
