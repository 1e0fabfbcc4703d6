"""Greets on PORT of HOST, and lets the service at NEXT greet as well when there is one. It brings OpenTelemetry's SDK, and is told by
environment variables who it is, where to send its spans to and which of them."""

import os
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry import propagate, trace
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
trace.set_tracer_provider(provider)
tracer = trace.get_tracer("greeter-sdk")


def ask(url):
    with tracer.start_as_current_span("GET", kind=SpanKind.CLIENT, attributes={"url.full": url}):
        headers = {}
        propagate.inject(headers)
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30) as response:
            return response.read().decode()


class Greeter(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        name = self.path.rpartition("/")[2]
        with tracer.start_as_current_span(
            "GET /hello/{name}",
            context=propagate.extract(self.headers),
            kind=SpanKind.SERVER,
            attributes={"url.path": self.path},
        ):
            greeting = f"An SDK of its own greets {name}\n"
            following = os.environ.get("NEXT")
            if following:
                greeting += ask(f"{following}/hello/{name}")
        body = greeting.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


address = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8080"))
ThreadingHTTPServer(address, Greeter).serve_forever()
