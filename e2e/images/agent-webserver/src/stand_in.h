/* What the stand-in modules tell the OpenTelemetry SDK for Rust. */
#include <stdint.h>

/* Starts the SDK in this process. 0 when it sends from now on. */
int stand_in_start(const char *endpoint, const char *name, const char *name_space, const char *instance);

/* Reports a request as a span of a server; `began` in microseconds since 1970, `traceparent` may be NULL. */
void stand_in_report(const char *method, const char *path, const char *traceparent, int status, int64_t began);

/* Sends what is left. */
void stand_in_stop(void);
