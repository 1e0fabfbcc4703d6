<?php

// What the application itself has PHP run first.
$first = 'the application\'s own';
