/** The demo: real moves between real hosts, watched from outside. */
@NullMarked
package dev.godwit.lab.demo;

import org.jspecify.annotations.NullMarked;
