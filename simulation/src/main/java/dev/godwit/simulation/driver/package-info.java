/**
 * The simulated hypervisor as a driver of real agents: real gRPC, real time, no guest that is real.
 */
@NullMarked
package dev.godwit.simulation.driver;

import org.jspecify.annotations.NullMarked;
