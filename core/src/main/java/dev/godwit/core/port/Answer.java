package dev.godwit.core.port;

import dev.godwit.core.model.Refusal;

/** A host's answer, its refusal, or its silence. */
public sealed interface Answer<T> {
  /** It answered. */
  record Given<T>(T value) implements Answer<T> {}

  /** It will not or cannot. */
  record Refused<T>(Refusal reason) implements Answer<T> {}

  /** It did not answer within its deadline: nothing may be concluded. */
  record Silent<T>(String why) implements Answer<T> {}
}
