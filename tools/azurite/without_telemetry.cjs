// Azurite loads the library of its telemetry even where --disableTelemetry switches it off: a second of CPU time, half
// of a start. `node --require` runs this before Azurite.
"use strict";

const Module = require("node:module");

const load = Module._load;
Module._load = (request, ...others) => (request === "applicationinsights" ? {} : load(request, ...others));
