package dev.godwit.lab.bench;

import dev.godwit.lab.Lab;
import dev.godwit.lab.Virsh;
import dev.godwit.lab.host.LabFailure;
import dev.godwit.lab.host.LabFolder;
import dev.godwit.lab.host.LabHost;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;

/**
 * A twin of a Godwit guest that Godwit does not know: after a bare move of one of its own, its
 * record would be wrong.
 */
record BareGuest(String uuid, String name, String address) {
  private static final Duration STOP = Duration.ofSeconds(15);

  /** Defines and starts the twin on the host where the original runs. */
  static BareGuest beside(
      Lab lab, String host, String original, BareGuest twin, String oldAddress) {
    Virsh virsh = new Virsh(lab.host(host));
    String xml = virsh.must("dumpxml", "--inactive", original);
    Path file = lab.folder().resolve("run/" + twin.name() + ".xml");
    LabFolder.write(file, renamed(xml, twin, oldAddress));
    virsh.must("define", file.toString());
    virsh.must("start", twin.uuid());
    return twin;
  }

  static BareGuest named(String name, String address) {
    return new BareGuest(UUID.randomUUID().toString(), name, address);
  }

  /** Gone from every host, wherever a move left it. */
  void remove(Lab lab) {
    for (LabHost host : lab.hosts()) {
      if (host.daemon("libvirtd").isPresent()) {
        Virsh virsh = new Virsh(host);
        if (virsh.guests().stream().anyMatch(guest -> guest.uuid().equals(uuid))) {
          var _ = virsh.run(STOP, "destroy", uuid);
          var _ = virsh.run(STOP, "undefine", uuid);
        }
      }
    }
  }

  private static String renamed(String xml, BareGuest twin, String oldAddress) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      Document document =
          factory.newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
      Element domain = document.getDocumentElement();
      one(domain, "name").setTextContent(twin.name());
      one(domain, "uuid").setTextContent(twin.uuid());
      Node metadata = one(domain, "metadata");
      metadata.getParentNode().removeChild(metadata);
      Element card = one(domain, "mac");
      card.setAttribute("address", "52:54:00:be:9c:01");
      Element cmdline = one(domain, "cmdline");
      cmdline.setTextContent(cmdline.getTextContent().replace(oldAddress, twin.address()));
      StringWriter out = new StringWriter();
      TransformerFactory.newDefaultInstance()
          .newTransformer()
          .transform(new DOMSource(document), new StreamResult(out));
      return out.toString();
    } catch (Exception e) {
      throw new LabFailure("the definition of %s: %s".formatted(twin.name(), e.getMessage()));
    }
  }

  private static Element one(Element domain, String name) {
    Node found = domain.getElementsByTagName(name).item(0);
    if (found instanceof Element element) {
      return element;
    }
    throw new LabFailure("a domain's XML: expected an element " + name + ", found none");
  }
}
