package io.otelgraft.core.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NumericNode;
import java.math.BigDecimal;
import java.math.BigInteger;

/** Numbers as nodes, exact: no digit is lost between a text and the tree, whatever the size. */
final class Numbers {

  /** As in Jackson: decoding more digits takes more than linear time, and no manifest has them. */
  static final int MAX_LENGTH = 1000;

  private Numbers() {}

  static NumericNode integer(BigInteger value) {
    if (value.bitLength() < Integer.SIZE) {
      return IntNode.valueOf(value.intValue());
    }
    return value.bitLength() < Long.SIZE
        ? LongNode.valueOf(value.longValue())
        : BigIntegerNode.valueOf(value);
  }

  /** Decimal numbers keep their digits (1.10 stays 1.10). Only a double knows a negative zero. */
  static NumericNode decimal(BigDecimal value, boolean negative) {
    return negative && value.signum() == 0 ? DoubleNode.valueOf(-0.0) : DecimalNode.valueOf(value);
  }

  /**
   * Whether two values are the same to Kubernetes: numbers by value, whichever type holds them, but
   * an integer never equals a decimal, since the API server refuses 1.0 for an integer.
   */
  static boolean same(JsonNode one, JsonNode other) {
    if (!one.isNumber() || !other.isNumber()) {
      return one.equals(other)
          || (one.isTextual() && other.isBinary() && one.textValue().equals(other.asText()));
    }
    if (one.isIntegralNumber() != other.isIntegralNumber()) {
      return false;
    }
    if (one.isIntegralNumber()) {
      return (one.canConvertToLong() && other.canConvertToLong())
          ? one.longValue() == other.longValue()
          : one.bigIntegerValue().equals(other.bigIntegerValue());
    }
    return isNegativeZero(one) == isNegativeZero(other)
        && one.decimalValue().compareTo(other.decimalValue()) == 0;
  }

  private static boolean isNegativeZero(JsonNode number) {
    return !number.isBigDecimal()
        && Double.doubleToRawLongBits(number.doubleValue()) == Double.doubleToRawLongBits(-0.0);
  }

  /**
   * Returns a number as text that JSON, YAML 1.1 and YAML 1.2 read as the same number of the same
   * kind: a decimal always has a point, as 5 would come back as an integer and some readers take
   * 1E+3 for a string.
   *
   * @throws IllegalArgumentException for a number that JSON does not have: infinity, not a number
   */
  static String text(JsonNode number) {
    if (number.isIntegralNumber()) {
      return number.asText();
    }
    if (!number.isBigDecimal() && !Double.isFinite(number.doubleValue())) {
      throw new IllegalArgumentException("JSON and Kubernetes have no number " + number.asText());
    }
    String text = isNegativeZero(number) ? "-0.0" : number.decimalValue().toString();
    if (text.indexOf('.') >= 0) {
      return text;
    }
    int exponent = text.indexOf('E');
    return exponent < 0
        ? text + ".0"
        : text.substring(0, exponent) + ".0" + text.substring(exponent);
  }
}
