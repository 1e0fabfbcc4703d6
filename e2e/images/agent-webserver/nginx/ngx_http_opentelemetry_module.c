/* Stands in for the agent's module for nginx: takes the directives that Graft writes for it, and reports each request
 * through the OpenTelemetry SDK for Rust. */
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include "../src/stand_in.h"

typedef struct {
  ngx_str_t enabled, endpoint, name, name_space, instance, accepted;
} configured_t;

extern ngx_module_t ngx_http_opentelemetry_module;

#define TEXT(directive, field) \
  {ngx_string(directive), NGX_HTTP_MAIN_CONF | NGX_CONF_TAKE1, set_text, NGX_HTTP_MAIN_CONF_OFFSET, \
    offsetof(configured_t, field), NULL}

/* As ngx_conf_set_str_slot, but a directive may come again where its value is not looked at. */
static char *set_text(ngx_conf_t *cf, ngx_command_t *command, void *conf) {
  ngx_str_t *field = (ngx_str_t *)((char *)conf + command->offset);
  if (field->data && command->offset != offsetof(configured_t, accepted)) return "is duplicate";
  *field = ((ngx_str_t *)cf->args->elts)[1];
  return NGX_CONF_OK;
}

static ngx_command_t directives[] = {
  TEXT("NginxModuleEnabled", enabled),
  TEXT("NginxModuleOtelExporterEndpoint", endpoint),
  TEXT("NginxModuleServiceName", name),
  TEXT("NginxModuleServiceNamespace", name_space),
  TEXT("NginxModuleServiceInstanceId", instance),
  TEXT("NginxModuleOtelSpanExporter", accepted),
  TEXT("NginxModuleOtelMaxQueueSize", accepted),
  TEXT("NginxModuleResolveBackends", accepted),
  TEXT("NginxModuleTraceAsError", accepted),
  ngx_null_command
};

static void *create(ngx_conf_t *cf) { return ngx_pcalloc(cf->pool, sizeof(configured_t)); }

static char *text(ngx_pool_t *pool, ngx_str_t value) {
  char *copy = ngx_pcalloc(pool, value.len + 1);
  if (copy && value.len) ngx_memcpy(copy, value.data, value.len);
  return copy;
}

static ngx_int_t start(ngx_cycle_t *cycle) {
  configured_t *conf = ngx_http_cycle_get_module_main_conf(cycle, ngx_http_opentelemetry_module);
  if (!conf || conf->enabled.len != 2) return NGX_OK;
  char *endpoint = text(cycle->pool, conf->endpoint);
  if (stand_in_start(endpoint, text(cycle->pool, conf->name), text(cycle->pool, conf->name_space),
        text(cycle->pool, conf->instance)) == 0) {
    ngx_log_error(NGX_LOG_NOTICE, cycle->log, 0, "stand-in for the agent's module: sends to %s", endpoint);
  }
  return NGX_OK;
}

static void stop(ngx_cycle_t *cycle) { stand_in_stop(); }

static char *traceparent(ngx_http_request_t *request) {
  ngx_uint_t i;
  for (ngx_list_part_t *part = &request->headers_in.headers.part; part; part = part->next) {
    ngx_table_elt_t *headers = part->elts;
    for (i = 0; i < part->nelts; i++) {
      if (headers[i].key.len == 11 && ngx_strncasecmp(headers[i].key.data, (u_char *)"traceparent", 11) == 0) {
        return text(request->pool, headers[i].value);
      }
    }
  }
  return NULL;
}

static ngx_int_t report(ngx_http_request_t *request) {
  stand_in_report(text(request->pool, request->method_name), text(request->pool, request->uri), traceparent(request),
    (int)request->headers_out.status, (int64_t)request->start_sec * 1000000 + (int64_t)request->start_msec * 1000);
  return NGX_OK;
}

static ngx_int_t hook(ngx_conf_t *cf) {
  ngx_http_core_main_conf_t *core = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);
  ngx_http_handler_pt *handler = ngx_array_push(&core->phases[NGX_HTTP_LOG_PHASE].handlers);
  if (!handler) return NGX_ERROR;
  *handler = report;
  return NGX_OK;
}

static ngx_http_module_t context = {NULL, hook, create, NULL, NULL, NULL, NULL, NULL};

ngx_module_t ngx_http_opentelemetry_module = {
  NGX_MODULE_V1, &context, directives, NGX_HTTP_MODULE,
  NULL, NULL, start, NULL, NULL, stop, NULL, NGX_MODULE_V1_PADDING
};
