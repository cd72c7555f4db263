/** The agent's door: its gRPC service, what it streams, and how it announces itself. */
@NullMarked
package dev.godwit.agent.service;

import org.jspecify.annotations.NullMarked;
