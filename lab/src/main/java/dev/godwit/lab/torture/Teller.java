package dev.godwit.lab.torture;

/** Is told of cases as they end. */
interface Teller {
  void begin(int cases);

  void told(CaseReport it);

  void end(Summary summary);
}
