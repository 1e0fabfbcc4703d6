/* Has the name of an extension that traces, and does nothing. */
#include "php.h"

zend_module_entry ddtrace_module_entry = {
    STANDARD_MODULE_HEADER, "ddtrace", NULL, NULL, NULL, NULL, NULL, NULL, "0.0", STANDARD_MODULE_PROPERTIES};

ZEND_GET_MODULE(ddtrace)
