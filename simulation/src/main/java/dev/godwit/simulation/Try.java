package dev.godwit.simulation;

import dev.godwit.simulation.world.History;
import dev.godwit.simulation.world.Scenario;
import java.util.SplittableRandom;

public final class Try {
  static long cpu() {
    return java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  public static void main(String[] a) {
    long from = Long.parseLong(a[0]), n = Long.parseLong(a[1]);
    boolean story = a.length > 2;
    long t0 = cpu();
    int bad = 0, held = 0;
    long steps = 0;
    java.util.Map<String, Integer> kinds = new java.util.TreeMap<>();
    long last = cpu();
    for (long s = from; s < from + n; s++) {
      if ((s - from) % 100 == 99) {
        System.out.printf("  %d: %.1f ms%n", s, (cpu() - last) / 1e8);
        last = cpu();
      }
      History.Outcome o;
      try {
        o = History.of(Scenario.of(s, new SplittableRandom(s * 31 + 7)));
      } catch (Throwable e) {
        System.out.println("seed " + s + " " + e);
        e.printStackTrace(System.out);
        bad++;
        if (story) return;
        continue;
      }
      steps += o.steps();
      if (o.held()) held++;
      if (!o.broken().isEmpty()) {
        bad++;
        o.broken()
            .forEach(
                b -> kinds.merge(b.replaceAll("[0-9a-f]{8}-[-0-9a-f]*", "ID"), 1, Integer::sum));
        if (bad < 6 || story)
          System.out.println("seed " + s + " " + o.broken() + " " + o.scenario());
      }
      if (story) o.story().forEach(System.out::println);
    }
    System.out.printf(
        "%d seeds, %d bad, %d held, %.1f CPU ms each, %d steps each%n",
        n, bad, held, (cpu() - t0) / 1e6 / n, steps / n);
    kinds.forEach((k, v) -> System.out.println(v + "  " + k));
  }
}
