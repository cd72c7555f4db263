package dev.godwit.server.api;

import dev.godwit.server.store.Flavor;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/** What the API serves, by configuration. */
public record ApiConfiguration(
    InetSocketAddress address, List<Image> images, List<Flavor> flavors) {
  public ApiConfiguration {
    images = List.copyOf(images);
    flavors = List.copyOf(flavors);
  }

  /**
   * What guests are made from: a kernel to boot, or a disk to lay their own over.
   *
   * @param kernel absolute path on the hosts, with initrd
   * @param path absolute path on the hosts of a disk image
   */
  public record Image(
      String id,
      String name,
      Optional<String> kernel,
      Optional<String> initrd,
      String arguments,
      Optional<String> path) {}

  Optional<Image> image(String id) {
    return images.stream().filter(image -> image.id().equals(id)).findFirst();
  }

  Optional<Flavor> flavor(String id) {
    return flavors.stream().filter(flavor -> flavor.id().equals(id)).findFirst();
  }
}
