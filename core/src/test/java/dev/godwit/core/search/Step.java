package dev.godwit.core.search;

/** Something that may happen next, in words, and the world after it. */
record Step(String what, World after) {}
