package dev.godwit.agent.guest;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/**
 * Memory of no whole multiple of 256 KiB. QEMU before 9.0 moves only such memory of an emulated
 * guest whole: where the size is a multiple it fetches the dirty pages 64 at a time and forgets the
 * TLB. libvirt's own elements round to MiB, so QEMU's options say it.
 */
final class UnevenMemory {
  private static final String NAMESPACE = "http://libvirt.org/schemas/domain/qemu/1.0";
  private static final String BACKEND = "uneven.ram";
  private static final int LESS_KIB = 128;
  private static final long EVEN_KIB = 256;
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,15})k");

  private UnevenMemory() {}

  /** Gives a new domain that much memory, less 128 KiB; libvirt's own memory is never touched. */
  static void give(Element domain, int memoryMib) {
    long kib = memoryMib * 1024L - LESS_KIB;
    Element commandLine = add(domain, "commandline");
    List.of(
            "-object",
            "memory-backend-ram,id=%s,size=%dk".formatted(BACKEND, kib),
            "-machine",
            "memory-backend=" + BACKEND,
            "-m",
            kib + "k")
        .forEach(word -> add(commandLine, "arg").setAttribute("value", word));
  }

  private static Element add(Element parent, String name) {
    Document document = java.util.Objects.requireNonNull(parent.getOwnerDocument());
    Element element = document.createElementNS(NAMESPACE, "qemu:" + name);
    parent.appendChild(element);
    return element;
  }

  /** True for a domain whose memory QEMU's own options make such. */
  static boolean has(Element domain) {
    return kib(domain).filter(kib -> kib % EVEN_KIB != 0).isPresent();
  }

  /** What QEMU's own options give a domain in spite of its memory element, if they do, in KiB. */
  static Optional<Long> kib(Element domain) {
    List<String> words =
        Xml.children(domain, "commandline").stream()
            .filter(it -> NAMESPACE.equals(it.getNamespaceURI()))
            .flatMap(it -> Xml.children(it, "arg").stream())
            .map(arg -> arg.getAttribute("value"))
            .toList();
    int size = words.lastIndexOf("-m") + 1;
    Matcher found = SIZE.matcher(size > 0 && size < words.size() ? words.get(size) : "");
    return found.matches() ? Optional.of(Long.parseLong(found.group(1))) : Optional.empty();
  }
}
