package dev.godwit.server.store;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * How a round works on many: each alone. What is wrong with one is no other's trouble, and is told
 * when it is news; a trouble of the database is everybody's.
 */
public final class OneByOne<K> {
  private final BiConsumer<K, RuntimeException> teller;

  /** Those that failed last, and why. */
  private final Map<K, String> failing = new ConcurrentHashMap<>();

  private OneByOne(BiConsumer<K, RuntimeException> teller) {
    this.teller = teller;
  }

  /**
   * For rounds of one kind.
   *
   * @param teller tells what is wrong with one
   */
  public static <K> OneByOne<K> telling(BiConsumer<K, RuntimeException> teller) {
    return new OneByOne<>(teller);
  }

  /** What came of it; empty when it failed. */
  public <T> Optional<T> attempt(K one, Supplier<T> work) {
    try {
      T result = work.get();
      failing.remove(one);
      return Optional.of(result);
    } catch (DatabaseTrouble e) {
      throw e;
    } catch (RuntimeException e) {
      if (!e.toString().equals(failing.put(one, e.toString()))) {
        teller.accept(one, e);
      }
      return Optional.empty();
    }
  }

  /** Does it, if it can be done. */
  public void run(K one, Runnable work) {
    Optional<K> _ =
        attempt(
            one,
            () -> {
              work.run();
              return one;
            });
  }

  /** There are no others any more. */
  public void keepOnly(Collection<K> those) {
    failing.keySet().retainAll(those);
  }
}
