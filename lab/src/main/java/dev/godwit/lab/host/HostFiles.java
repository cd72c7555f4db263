package dev.godwit.lab.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A host's own /etc and directories. */
final class HostFiles {
  private static final int NAMED_HOSTS = 16;

  private HostFiles() {}

  static void make(LabFolder folder, LabHost host, boolean tls) {
    Path home = host.home();
    LabFolder.remove(home.resolve("run"));
    for (String part :
        List.of(
            "etc/libvirt/qemu/networks/autostart",
            "etc.work",
            "run",
            "srv/shared",
            "srv/local",
            "srv/guest",
            "local",
            "var-lib/images",
            "var-lib/qemu/save",
            "var-lib/boot",
            "var-lib/dnsmasq",
            "var-lib/network",
            "var-lib/swtpm",
            "var-log/qemu",
            "var-cache/qemu",
            "agent")) {
      LabFolder.makeDirectories(home.resolve(part));
    }
    Capabilities.give(host);
    Path etc = home.resolve("etc");
    int number = Addresses.number(host.name());
    LabFolder.write(etc.resolve("hostname"), host.name() + "\n");
    LabFolder.write(etc.resolve("machine-id"), "60d317%026d\n".formatted(number));
    LabFolder.write(etc.resolve("hosts"), names());
    LabFolder.write(
        etc.resolve("nsswitch.conf"),
        "passwd: files\ngroup: files\nshadow: files\nhosts: files\nservices: files\n");
    // libvirtd looks its default user up although its configuration names another.
    LabFolder.write(
        etc.resolve("passwd"),
        "root:x:0:0:root:/root:/bin/bash\nlibvirt-qemu:x:64055:994::/var/lib/libvirt:/usr/sbin/nologin\n");
    LabFolder.write(etc.resolve("group"), "root:x:0:\nkvm:x:994:\nlibvirt-qemu:x:64055:\n");
    LabFolder.write(etc.resolve("libvirt/libvirtd.conf"), libvirtdConf(number, tls));
    LabFolder.write(
        etc.resolve("libvirt/qemu.conf"),
        QEMU_CONF + (tls ? QEMU_TLS : "") + (folder.lockd() ? QEMU_LOCKD : ""));
    if (folder.lockd()) {
      LabFolder.write(etc.resolve("libvirt/qemu-lockd.conf"), LOCKD_CONF);
      LabFolder.write(
          etc.resolve("libvirt/virtlockd.conf"),
          "log_outputs=\"3:file:/var/log/libvirt/virtlockd.log\"\n");
    } else {
      LabFolder.remove(etc.resolve("libvirt/qemu-lockd.conf"));
    }
    LabFolder.write(
        etc.resolve("libvirt/virtlogd.conf"),
        "log_outputs=\"3:file:/var/log/libvirt/virtlogd.log\"\n");
    if (tls) {
      installCertificates(new Pki(folder), host.name(), etc.resolve("pki"));
    }
  }

  private static String names() {
    return "127.0.0.1 localhost\n"
        + Addresses.SERVER
        + " server\n"
        + IntStream.rangeClosed(1, NAMED_HOSTS)
            .mapToObj(i -> "h" + i)
            .map(name -> Addresses.host(name) + " " + name + "\n")
            .collect(Collectors.joining());
  }

  private static String libvirtdConf(int number, boolean tls) {
    return """
    host_uuid = "60d31700-0000-4000-8000-%012d"
    listen_tcp = 1
    listen_tls = %d
    listen_addr = "0.0.0.0"
    auth_tcp = "none"
    auth_tls = "none"
    auth_unix_ro = "none"
    auth_unix_rw = "none"
    unix_sock_rw_perms = "0700"
    audit_level = 0
    log_filters = "3:remote 4:event 3:util.json 3:rpc"
    log_outputs = "3:file:/var/log/libvirt/libvirtd.log"
    """
        .formatted(number, tls ? 1 : 0);
  }

  private static final String QEMU_CONF =
      """
      user = "root"
      group = "root"
      dynamic_ownership = 0
      remember_owner = 0
      security_driver = "none"
      cgroup_controllers = [ ]
      namespaces = [ ]
      seccomp_sandbox = 0
      stdio_handler = "logd"
      """;

  /** Only with certificates there: libvirtd does not start when it names a missing folder. */
  private static final String QEMU_TLS =
      """
      default_tls_x509_cert_dir = "/etc/pki/qemu"
      default_tls_x509_verify = 1
      """;

  /** What godwit agent lock writes; a test holds the two together. */
  private static final String QEMU_LOCKD = "lock_manager = \"lockd\"\n";

  private static final String LOCKD_CONF =
      """
      auto_disk_leases = 1
      file_lockspace_dir = "/srv/shared/leases"
      """;

  private static void installCertificates(Pki pki, String name, Path etcPki) {
    copy(pki.authority(), etcPki.resolve("CA/cacert.pem"));
    copy(pki.authority(), etcPki.resolve("qemu/ca-cert.pem"));
    for (String side : List.of("server", "client")) {
      copy(pki.certificate(name), etcPki.resolve("libvirt/" + side + "cert.pem"));
      copy(pki.key(name), etcPki.resolve("libvirt/private/" + side + "key.pem"));
      copy(pki.certificate(name), etcPki.resolve("qemu/" + side + "-cert.pem"));
      copy(pki.key(name), etcPki.resolve("qemu/" + side + "-key.pem"));
    }
  }

  private static void copy(Path from, Path to) {
    try {
      LabFolder.makeParent(to);
      Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
