package dev.godwit.server.guests;

import dev.godwit.core.model.Refusal;
import dev.godwit.server.store.Instance;

/** How an adoption went. */
public sealed interface Adoption {
  /** It is an instance now. */
  record Adopted(Instance instance) implements Adoption {}

  /** It is not, and nothing was changed. */
  record Refused(Refusal reason) implements Adoption {}

  /** The host did not answer. */
  record Silent(String why) implements Adoption {}
}
