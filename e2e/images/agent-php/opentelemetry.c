/*
 * Stands in for OpenTelemetry's extension for PHP: it is loaded as that is, and tells when a request began. With
 * ANOTHER_PHP it says that it was compiled for a PHP that this one is not.
 */
#include "php.h"
#include <time.h>

#ifdef ANOTHER_PHP
#undef ZEND_MODULE_API_NO
#define ZEND_MODULE_API_NO 20190902
#undef ZEND_MODULE_BUILD_ID
#define ZEND_MODULE_BUILD_ID "API20190902,NTS"
#endif

static struct timespec began;

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(returns_string, 0, 0, IS_STRING, 0)
ZEND_END_ARG_INFO()

/* Nanoseconds, as OTLP's JSON has them. */
PHP_FUNCTION(stand_in_began) {
  ZEND_PARSE_PARAMETERS_NONE();
  RETURN_STR(strpprintf(0, "%lld%09ld", (long long)began.tv_sec, began.tv_nsec));
}

static const zend_function_entry functions[] = {ZEND_NS_FE("OpenTelemetry", stand_in_began, returns_string) PHP_FE_END};

PHP_RINIT_FUNCTION(stand_in) {
  clock_gettime(CLOCK_REALTIME, &began);
  return SUCCESS;
}

zend_module_entry opentelemetry_module_entry = {
    STANDARD_MODULE_HEADER, "opentelemetry", functions, NULL, NULL, PHP_RINIT(stand_in), NULL, NULL, "0.0",
    STANDARD_MODULE_PROPERTIES};

ZEND_GET_MODULE(opentelemetry)
