//! The OpenTelemetry SDK for Rust behind three C functions, for modules of web servers: see stand_in.h.

use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::{Span, SpanKind, Status, Tracer, TracerProvider};
use opentelemetry::KeyValue;
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use opentelemetry_sdk::Resource;
use std::collections::HashMap;
use std::ffi::{c_char, c_int, CStr};
use std::sync::OnceLock;
use std::time::{Duration, UNIX_EPOCH};
use tokio::runtime::{Builder, Runtime};

/// The exporter's connection lives in the runtime, so that one stays as long as the other.
static SDK: OnceLock<(SdkTracerProvider, Runtime)> = OnceLock::new();

/// # Safety
/// `text` is NULL or ends with NUL.
unsafe fn string(text: *const c_char) -> String {
    if text.is_null() {
        String::new()
    } else {
        CStr::from_ptr(text).to_string_lossy().into_owned()
    }
}

fn sdk(endpoint: String, resource: Resource) -> Result<(SdkTracerProvider, Runtime), String> {
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(|e| e.to_string())?;
    let exporter = {
        let _entered = runtime.enter();
        SpanExporter::builder()
            .with_tonic()
            .with_endpoint(endpoint)
            .build()
            .map_err(|e| e.to_string())?
    };
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(resource)
        .build();
    Ok((provider, runtime))
}

/// # Safety
/// The arguments are NULL or end with NUL.
#[no_mangle]
pub unsafe extern "C" fn stand_in_start(
    endpoint: *const c_char,
    name: *const c_char,
    name_space: *const c_char,
    instance: *const c_char,
) -> c_int {
    let resource = Resource::builder()
        .with_service_name(string(name))
        .with_attributes([
            KeyValue::new("service.namespace", string(name_space)),
            KeyValue::new("service.instance.id", string(instance)),
        ])
        .build();
    match sdk(string(endpoint), resource) {
        Ok(sdk) => SDK.set(sdk).is_err() as c_int,
        Err(e) => {
            eprintln!("stand-in module: no exporter: {e}");
            1
        }
    }
}

/// # Safety
/// The texts are NULL or end with NUL.
#[no_mangle]
pub unsafe extern "C" fn stand_in_report(
    method: *const c_char,
    path: *const c_char,
    traceparent: *const c_char,
    status: c_int,
    began: i64,
) {
    let Some((provider, _)) = SDK.get() else { return };
    let headers = HashMap::from([("traceparent".to_string(), string(traceparent))]);
    let parent = TraceContextPropagator::new().extract(&headers);
    let tracer = provider.tracer("stand-in for the web server module");
    let method = string(method);
    let mut span = tracer
        .span_builder(method.clone())
        .with_kind(SpanKind::Server)
        .with_start_time(UNIX_EPOCH + Duration::from_micros(began.max(0) as u64))
        .with_attributes([
            KeyValue::new("http.request.method", method),
            KeyValue::new("url.path", string(path)),
            KeyValue::new("http.response.status_code", i64::from(status)),
        ])
        .start_with_context(&tracer, &parent);
    if status >= 500 {
        span.set_status(Status::error(""));
    }
    span.end();
}

#[no_mangle]
pub extern "C" fn stand_in_stop() {
    if let Some((provider, _)) = SDK.get() {
        let _ = provider.shutdown();
    }
}
