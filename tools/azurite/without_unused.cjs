// Azurite loads two large libraries that it does not use here: that of its telemetry, which --disableTelemetry switches
// off, and that of a store of blobs in an SQL database. They take 60 % of its start: 1.4 s of CPU time.
// `node --require` runs this before Azurite.
"use strict";

const Module = require("node:module");

const UNUSED = new Map([
  ["applicationinsights", {}],
  ["sequelize", { Model: class {} }],
]);
const load = Module._load;
Module._load = (request, ...others) => UNUSED.get(request) ?? load(request, ...others);
