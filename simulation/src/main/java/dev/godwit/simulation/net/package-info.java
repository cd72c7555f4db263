/** The links between servers and hosts: slow, cut, forgetful, repeating themselves. */
@NullMarked
package dev.godwit.simulation.net;

import org.jspecify.annotations.NullMarked;
