import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** Greets on PORT of HOST, and lets the service at NEXT greet as well when there is one. */
public final class App {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  public static void main(String[] args) throws IOException {
    int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8080"));
    String host = System.getenv().getOrDefault("HOST", "127.0.0.1");
    HttpServer server = HttpServer.create(new InetSocketAddress(host, port), 0);
    server.createContext("/hello/", App::hello);
    server.start();
  }

  private static void hello(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String greeting = "Java greets " + path.substring("/hello/".length()) + "\n";
    String next = System.getenv("NEXT");
    if (next != null && !next.isEmpty()) {
      greeting += get(URI.create(next + path));
    }
    byte[] body = greeting.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static String get(URI uri) throws IOException {
    try {
      return CLIENT.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString()).body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
