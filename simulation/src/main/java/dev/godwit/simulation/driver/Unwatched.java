package dev.godwit.simulation.driver;

import dev.godwit.simulation.libvirt.Witnesses;
import java.util.UUID;

/** Nobody looks on from outside. */
final class Unwatched implements Witnesses {
  @Override
  public void runs(String host, UUID guest, boolean byLibvirt, boolean olderThanDisk) {}

  @Override
  public void pauses(String host, UUID guest) {}

  @Override
  public void ends(String host, UUID guest, String how, boolean byItself) {}

  @Override
  public void lostInPostCopy(String host, UUID guest) {}

  @Override
  public void note(String host, String what) {}
}
