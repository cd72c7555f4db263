package dev.godwit.libvirt;

/** A running delivery of events; closing it twice does nothing. */
public interface Subscription extends AutoCloseable {
  /** Stops it; an event that is being delivered is delivered to its end. */
  @Override
  void close();
}
