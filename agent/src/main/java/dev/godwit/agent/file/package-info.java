/** Disks and the markers that say whose they are. */
@NullMarked
package dev.godwit.agent.file;

import org.jspecify.annotations.NullMarked;
