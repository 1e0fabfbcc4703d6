package io.otelgraft.testkit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** IP addresses and host:port pairs, read as the API server reads them. */
final class Addresses {
  private static final List<String> NO_ADDRESS =
      List.of("must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
  private static final List<String> LEADING_ZEROS = List.of("must not have leading 0s");
  private static final int GROUPS = 8;

  private Addresses() {}

  /** {@code IsValidIPForLegacyField} with strict validation, the rule since Kubernetes 1.36. */
  static List<String> wrongIn(String text) {
    return text.indexOf(':') < 0 ? ipv4(text) : ipv6(text);
  }

  private static List<String> ipv4(String text) {
    String[] octets = text.split("\\.", -1);
    boolean leadingZeros = false;
    for (String octet : octets) {
      if (!isNumber(octet, 10, 255)) {
        return NO_ADDRESS;
      }
      leadingZeros |= octet.length() > 1 && octet.startsWith("0");
    }
    if (octets.length != 4) {
      return NO_ADDRESS;
    }
    return leadingZeros ? LEADING_ZEROS : List.of();
  }

  private static List<String> ipv6(String text) {
    String plain = text;
    List<String> wrong = List.of();
    if (text.indexOf('.') >= 0) {
      // The last two groups as an IPv4 address; their value plays no part in what follows.
      int start = text.lastIndexOf(':') + 1;
      wrong = ipv4(text.substring(start));
      plain = text.substring(0, start) + "0:0";
    }
    int ellipsis = plain.indexOf("::");
    List<String> groups = groups(ellipsis < 0 ? plain : plain.substring(0, ellipsis));
    List<String> last = groups(ellipsis < 0 ? "" : plain.substring(ellipsis + 2));
    int omitted = GROUPS - groups.size() - last.size();
    if (wrong.equals(NO_ADDRESS) || (ellipsis < 0 ? omitted != 0 : omitted < 1)) {
      return NO_ADDRESS;
    }
    groups.addAll(Collections.nCopies(omitted, "0"));
    groups.addAll(last);
    for (String group : groups) {
      if (!isNumber(group, 16, 0xffff)) {
        return NO_ADDRESS;
      }
      if (group.length() > 4) {
        wrong = LEADING_ZEROS;
      }
    }
    if (!wrong.isEmpty()) {
      return wrong;
    }
    boolean mapped =
        Integer.parseInt(groups.get(5), 16) == 0xffff
            && groups.subList(0, 5).stream().allMatch(group -> Integer.parseInt(group, 16) == 0);
    return mapped ? List.of("must not be an IPv4-mapped IPv6 address") : List.of();
  }

  private static List<String> groups(String text) {
    return text.isEmpty() ? new ArrayList<>() : new ArrayList<>(List.of(text.split(":", -1)));
  }

  private static boolean isNumber(String text, int radix, int limit) {
    int value = 0;
    for (int i = 0; i < text.length() && value <= limit; i++) {
      char c = text.charAt(i);
      int digit = c < 128 ? Character.digit(c, radix) : -1;
      value = digit < 0 ? Integer.MAX_VALUE : value * radix + digit;
    }
    return !text.isEmpty() && value <= limit;
  }

  /** {@code net.SplitHostPort}: a host with colons stands in brackets. */
  static boolean isHostPort(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      return false;
    }
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    String bare = bracketed ? host.substring(1, host.length() - 1) : host;
    String rest = bare + text.substring(colon + 1);
    return (bracketed || bare.indexOf(':') < 0) && rest.indexOf('[') < 0 && rest.indexOf(']') < 0;
  }
}
