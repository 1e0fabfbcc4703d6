<?php

// Greets whoever is asked for; as a command, says what it runs with.
if (PHP_SAPI !== 'cli') {
    echo 'PHP greets ', basename($_SERVER['REQUEST_URI']), "\n";
    return;
}
foreach (['compiled_in', 'own'] as $setting) {
    echo $setting, ': ', get_cfg_var('app.' . $setting) ?: 'not read', "\n";
}
echo 'first: ', $first ?? 'nothing', "\n";
echo 'extension: ', extension_loaded('opentelemetry') ? 'loaded' : 'not loaded', "\n";
echo 'packages: ', defined('OPENTELEMETRY_STAND_IN') ? 'loaded' : 'not loaded', "\n";
echo 'variables: ', implode(' ', array_diff(array_keys(get_defined_vars()), array_keys($_SERVER), [
    '_GET', '_POST', '_COOKIE', '_FILES', '_SERVER', '_ENV', '_REQUEST', 'argv', 'argc', 'setting',
])), "\n";
