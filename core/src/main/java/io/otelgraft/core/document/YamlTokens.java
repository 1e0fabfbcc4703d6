package io.otelgraft.core.document;

import org.yaml.snakeyaml.scanner.Scanner;
import org.yaml.snakeyaml.tokens.Token;

/**
 * The tokens on their way from scanner to parser, with the places of those that no event tells:
 * dashes, keys, colons, scalars.
 */
final class YamlTokens implements Scanner {

  private final Scanner scanner;

  /**
   * Where the last dash, key, colon and scalar stand that the parser has taken; -1 if it took none.
   */
  private int dash = -1;

  private int key = -1;
  private int colon = -1;
  private int scalar = -1;

  YamlTokens(Scanner scanner) {
    this.scanner = scanner;
  }

  int dash() {
    return dash;
  }

  int key() {
    return key;
  }

  int colon() {
    return colon;
  }

  int scalar() {
    return scalar;
  }

  @Override
  public Token getToken() {
    Token token = scanner.getToken();
    int start = token.getStartMark().getIndex();
    switch (token.getTokenId()) {
      case BlockEntry -> dash = start;
      case Key -> key = start;
      case Value -> colon = start;
      case Scalar -> scalar = start;
      default -> {
        // Events tell where the others are.
      }
    }
    return token;
  }

  @Override
  public boolean checkToken(Token.ID choice) {
    return scanner.checkToken(choice);
  }

  @Override
  public boolean checkToken(Token.ID... choices) {
    return scanner.checkToken(choices);
  }

  @Override
  public Token peekToken() {
    return scanner.peekToken();
  }

  @Override
  public void resetDocumentIndex() {
    scanner.resetDocumentIndex();
  }
}
