package dev.godwit.libvirt;

/** Opens the given URI and says how that went. */
final class OpenProbe {
  private OpenProbe() {}

  public static void main(String[] arguments) {
    try (Connection connection = Connection.open(ConnectionOptions.to(arguments[0]))) {
      System.out.println("opened " + connection.hostname());
    } catch (LibvirtException e) {
      System.out.println(
          e.kind() + " " + e.isConnectionProblem() + " " + e.errorDomain() + " " + e.text());
    }
  }
}
