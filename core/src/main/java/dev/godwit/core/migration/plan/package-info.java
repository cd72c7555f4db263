/** Plan: every reason why a guest may or may not go to a host. */
@NullMarked
package dev.godwit.core.migration.plan;

import org.jspecify.annotations.NullMarked;
