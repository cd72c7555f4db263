package dev.godwit.server.store;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What was made lately, so that it is not made again; the least used goes first. */
final class Lately<K, V> {
  private final Map<K, V> kept;

  Lately(int most) {
    this.kept =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > most;
          }
        };
  }

  /** Made by whoever asks first, and by those who ask meanwhile: nobody waits for another. */
  V get(K key, Function<K, V> make) {
    Optional<V> known = kept(key);
    if (known.isPresent()) {
      return known.get();
    }
    V made = make.apply(key);
    keep(key, made);
    return made;
  }

  private synchronized Optional<V> kept(K key) {
    return Optional.ofNullable(kept.get(key));
  }

  private synchronized void keep(K key, V made) {
    kept.put(key, made);
  }
}
