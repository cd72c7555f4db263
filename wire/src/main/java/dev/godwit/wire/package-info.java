/** The gRPC contract between server and agent, and its mapping to the core's nouns. */
@NullMarked
package dev.godwit.wire;

import org.jspecify.annotations.NullMarked;
