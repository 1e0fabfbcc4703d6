package io.otelgraft.runtime.server;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;

/** A client that sends just what it is told, and nothing by itself. */
public final class RawClient implements Closeable {

  /** An answer, with the names of its headers in lower case. */
  public record Response(int status, Map<String, String> headers, String body) {}

  private static final int PIECE = 16 << 10;

  private final Socket socket;
  private final InputStream in;

  /** Connects, over plain TCP, to a port of this machine. */
  public RawClient(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  RawClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(30_000);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** Has the handshake over with, which else begins with what is sent first. */
  RawClient shakeHands() throws IOException {
    if (socket instanceof SSLSocket secured) {
      secured.startHandshake();
    }
    return this;
  }

  public RawClient send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** Ends its half of the connection; to be used without TLS. */
  RawClient endSending() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** Posts a body as an API server does. */
  RawClient post(String path, String body) throws IOException {
    return send(
        head(path, "Content-Type: application/json", "Content-Length: " + body.length()) + body);
  }

  /** Posts a body of which the rest is kept back once the answer is there, and reads that. */
  Response postUntilAnswered(String path, byte[] body) throws Exception {
    send(head(path, "Content-Type: application/json", "Content-Length: " + body.length));
    CompletableFuture<Response> answer = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            answer.complete(response());
          } catch (IOException e) {
            answer.completeExceptionally(e);
          }
        });
    try {
      for (int at = 0; at < body.length && !answer.isDone(); at += PIECE) {
        socket.getOutputStream().write(body, at, Math.min(PIECE, body.length - at));
      }
    } catch (IOException e) {
      // The server has closed the connection; what it said before counts.
    }
    return answer.get(1, TimeUnit.MINUTES);
  }

  static String head(String path, String... headers) {
    return "POST %s HTTP/1.1\r\nHost: graft\r\n%s\r\n\r\n"
        .formatted(path, String.join("\r\n", headers));
  }

  /** Reads one answer; the body by its Content-Length. */
  public Response response() throws IOException {
    String status = line();
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    return new Response(Integer.parseInt(status.substring(9, 12)), headers, body);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      int c = in.read();
      if (c < 0) {
        throw new EOFException("the server has closed the connection after: " + line);
      }
      if (c == '\n') {
        return line.toString().stripTrailing();
      }
      line.append((char) c);
    }
  }

  /** Waits until the server has closed the connection, and answers whether it sent nothing more. */
  boolean isClosedWithoutAWord() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketException reset) {
      return true;
    }
  }

  /** Whether something was sent that has not been read. */
  boolean hasMore() throws IOException {
    return in.available() > 0;
  }

  /** Ends the connection. */
  void leave() throws IOException {
    socket.close();
  }

  @Override
  public void close() throws IOException {
    leave();
  }
}
