/**
 * Whole worlds: hosts, servers, operators and what befalls them; what must hold in them, and the
 * stories of those where it does not.
 */
@NullMarked
package dev.godwit.simulation.world;

import org.jspecify.annotations.NullMarked;
