package dev.godwit.app.real;

import dev.godwit.lab.LabOptions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One lab of three hosts for all tests that ask for it; it is mended after each of them. */
final class SharedLab implements ParameterResolver, AfterEachCallback {
  private static final ExtensionContext.Namespace HERE =
      ExtensionContext.Namespace.create(SharedLab.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType().equals(RealLab.class);
  }

  @Override
  public RealLab resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return lab(context);
  }

  private static RealLab lab(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(HERE)
        .computeIfAbsent("lab", key -> new RealLab(new LabOptions(3, false, true)), RealLab.class);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    lab(context).mend();
  }
}
