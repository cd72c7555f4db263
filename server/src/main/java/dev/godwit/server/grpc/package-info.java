/** The link to the agents: who announces itself, how it is called, what it reports. */
@NullMarked
package dev.godwit.server.grpc;

import org.jspecify.annotations.NullMarked;
