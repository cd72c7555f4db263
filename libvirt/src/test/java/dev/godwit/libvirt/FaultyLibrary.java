package dev.godwit.libvirt;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** libvirt's real library, but for the answers that a test wants; remembers what was called. */
final class FaultyLibrary {
  private final LibvirtC real = Libvirt.library();
  private final Map<String, ArrayDeque<Object>> answers = new HashMap<>();
  private final List<String> called = new ArrayList<>();

  /** The next calls of that function are answered so, and not made. */
  void answer(String function, Object... results) {
    answers.computeIfAbsent(function, name -> new ArrayDeque<>()).addAll(List.of(results));
  }

  long calls(String function) {
    return called.stream().filter(function::equals).count();
  }

  LibvirtC proxy() {
    return (LibvirtC)
        Proxy.newProxyInstance(
            LibvirtC.class.getClassLoader(),
            new Class<?>[] {LibvirtC.class},
            (proxy, method, arguments) -> {
              called.add(method.getName());
              ArrayDeque<Object> wanted = answers.get(method.getName());
              if (wanted != null && !wanted.isEmpty()) {
                return wanted.remove();
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
