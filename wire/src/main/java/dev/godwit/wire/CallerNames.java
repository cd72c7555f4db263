package dev.godwit.wire;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * The names in the certificate of whoever calls: its subject alternative names (DNS and IP) and its
 * common name. That an authority signed it says who somebody is, not what they may do.
 */
public final class CallerNames implements ServerInterceptor {
  private static final Context.Key<Set<String>> NAMES =
      Context.keyWithDefault("caller-names", Set.of());
  private static final int DNS = 2;
  private static final int IP = 7;

  /** Of the call that this thread answers; none outside of one. */
  public static Set<String> now() {
    return NAMES.get();
  }

  /** Of a call; none without a certificate. */
  public static Set<String> of(ServerCall<?, ?> call) {
    Set<String> names = new TreeSet<>();
    certificate(call)
        .ifPresent(certificate -> {
          commonName(certificate).map(CallerNames::comparable).ifPresent(names::add);
          alternatives(certificate).stream().map(CallerNames::comparable).forEach(names::add);
        });
    return names;
  }

  /** True when one of a certificate's names is this name, or stands for it by a leading star. */
  public static boolean name(Set<String> names, String wanted) {
    String name = comparable(wanted);
    int dot = name.indexOf('.');
    return names.contains(name) || (dot > 0 && names.contains("*" + name.substring(dot)));
  }

  /** A name or address as it is compared: in lower case, an address in its canonical form. */
  public static String comparable(String name) {
    String bare = name.replace("[", "").replace("]", "").toLowerCase(Locale.ROOT);
    try {
      return InetAddress.ofLiteral(bare).getHostAddress();
    } catch (IllegalArgumentException e) {
      return bare;
    }
  }

  private static Optional<X509Certificate> certificate(ServerCall<?, ?> call) {
    Optional<SSLSession> session =
        Optional.ofNullable(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
    try {
      return session.isPresent()
              && session.get().getPeerCertificates()[0] instanceof X509Certificate certificate
          ? Optional.of(certificate)
          : Optional.empty();
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> commonName(X509Certificate certificate) {
    try {
      return new LdapName(certificate.getSubjectX500Principal().getName())
          .getRdns().stream()
              .filter(part -> part.getType().equalsIgnoreCase("CN"))
              .map(part -> part.getValue().toString())
              .findFirst();
    } catch (InvalidNameException e) {
      return Optional.empty();
    }
  }

  private static List<String> alternatives(X509Certificate certificate) {
    try {
      return Optional.ofNullable(certificate.getSubjectAlternativeNames())
          .<Collection<List<?>>>map(it -> it)
          .orElse(List.of())
          .stream()
          .filter(it -> it.getFirst().equals(DNS) || it.getFirst().equals(IP))
          .map(it -> it.get(1).toString())
          .toList();
    } catch (CertificateParsingException e) {
      return List.of();
    }
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    return Contexts.interceptCall(
        Context.current().withValue(NAMES, of(call)), call, headers, next);
  }
}
