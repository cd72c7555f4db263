package dev.godwit.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads 500ms, 30s, 2m; a bare number is seconds. */
final class TimeoutConverter implements ITypeConverter<Duration> {
  private static final Pattern FORM = Pattern.compile("(\\d{1,7})(ms|s|m)?");
  private static final Duration MOST = Duration.ofHours(1);

  @Override
  public Duration convert(String value) {
    Matcher matcher = FORM.matcher(value);
    if (matcher.matches()) {
      long number = Long.parseLong(matcher.group(1));
      String unit = matcher.group(2);
      Duration time =
          "ms".equals(unit)
              ? Duration.ofMillis(number)
              : "m".equals(unit) ? Duration.ofMinutes(number) : Duration.ofSeconds(number);
      if (time.isPositive() && time.compareTo(MOST) <= 0) {
        return time;
      }
    }
    throw new TypeConversionException(
        "expected a time above 0 and up to 60m, like 500ms, 30s or 2m, found '" + value + "'");
  }
}
