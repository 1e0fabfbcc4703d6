using System;
using System.Net;
using System.Text;

/** Says what it sees, and greets whoever asks on PORT of HOST when there is one. */
public static class App {
  public static void Main() {
    Console.Error.WriteLine("main ran as " + Environment.GetEnvironmentVariable("OTEL_SERVICE_NAME"));
    string port = Environment.GetEnvironmentVariable("PORT");
    if (port == null) return;
    string host = Environment.GetEnvironmentVariable("HOST") ?? "127.0.0.1";
    if (host == "0.0.0.0") host = "*"; // as a listener names all addresses
    HttpListener listener = new HttpListener();
    listener.Prefixes.Add("http://" + host + ":" + port + "/hello/");
    listener.Start();
    while (true) {
      HttpListenerContext request = listener.GetContext();
      string[] segments = request.Request.Url.Segments;
      byte[] greeting = Encoding.UTF8.GetBytes(".NET greets " + segments[segments.Length - 1] + "\n");
      request.Response.OutputStream.Write(greeting, 0, greeting.Length);
      request.Response.Close();
    }
  }
}
