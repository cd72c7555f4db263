/** The nouns: records with their units in the type or last in the name. */
@NullMarked
package dev.godwit.core.model;

import org.jspecify.annotations.NullMarked;
