package dev.godwit.simulation.store;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement that was carried out in a transaction and changed a table.
 *
 * @param values of its parameters
 * @param rows that it changed
 */
record Change(String sql, String table, List<@Nullable Object> values, int rows) {
  Change {
    values = Collections.unmodifiableList(new ArrayList<>(values));
  }
}
