/* Stands in for the agent's module for Apache HTTPD: takes the directives that Graft writes for it, and reports each
 * request through the OpenTelemetry SDK for Rust. */
#include "httpd.h"
#include "http_config.h"
#include "http_log.h"
#include "http_protocol.h"
#include "apr_strings.h"

#include "../src/stand_in.h"

module AP_MODULE_DECLARE_DATA otel_apache_module;
APLOG_USE_MODULE(otel_apache);

static struct {
  int enabled;
  const char *endpoint, *name, *name_space, *instance;
} configured;

static const char *set_enabled(cmd_parms *command, void *unused, int on) {
  configured.enabled = on;
  return NULL;
}

static const char *set_text(cmd_parms *command, void *unused, const char *value) {
  *(const char **)command->info = apr_pstrdup(command->pool, value);
  return NULL;
}

static const char *accept_text(cmd_parms *command, void *unused, const char *value) { return NULL; }

static const command_rec directives[] = {
  AP_INIT_FLAG("ApacheModuleEnabled", set_enabled, NULL, RSRC_CONF, "whether requests are reported"),
  AP_INIT_TAKE1("ApacheModuleOtelExporterEndpoint", set_text, &configured.endpoint, RSRC_CONF, "where to, over gRPC"),
  AP_INIT_TAKE1("ApacheModuleServiceName", set_text, &configured.name, RSRC_CONF, "service.name"),
  AP_INIT_TAKE1("ApacheModuleServiceNamespace", set_text, &configured.name_space, RSRC_CONF, "service.namespace"),
  AP_INIT_TAKE1("ApacheModuleServiceInstanceId", set_text, &configured.instance, RSRC_CONF, "service.instance.id"),
  AP_INIT_TAKE1("ApacheModuleOtelSpanExporter", accept_text, NULL, RSRC_CONF, "accepted"),
  AP_INIT_TAKE1("ApacheModuleOtelMaxQueueSize", accept_text, NULL, RSRC_CONF, "accepted"),
  AP_INIT_TAKE1("ApacheModuleResolveBackends", accept_text, NULL, RSRC_CONF, "accepted"),
  AP_INIT_TAKE1("ApacheModuleTraceAsError", accept_text, NULL, RSRC_CONF, "accepted"),
  {NULL}
};

static apr_status_t stop(void *unused) {
  stand_in_stop();
  return APR_SUCCESS;
}

static void start(apr_pool_t *pool, server_rec *server) {
  if (!configured.enabled) return;
  if (stand_in_start(configured.endpoint, configured.name, configured.name_space, configured.instance) == 0) {
    ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, server, "stand-in for the agent's module: sends to %s", configured.endpoint);
  }
  apr_pool_cleanup_register(pool, NULL, stop, apr_pool_cleanup_null);
}

static int report(request_rec *request) {
  if (configured.enabled && !request->main) {
    stand_in_report(request->method, request->uri, apr_table_get(request->headers_in, "traceparent"), request->status,
      request->request_time);
  }
  return DECLINED;
}

static void hooks(apr_pool_t *pool) {
  ap_hook_child_init(start, NULL, NULL, APR_HOOK_MIDDLE);
  ap_hook_log_transaction(report, NULL, NULL, APR_HOOK_FIRST);
}

module AP_MODULE_DECLARE_DATA otel_apache_module = {STANDARD20_MODULE_STUFF, NULL, NULL, NULL, NULL, directives, hooks};
