// Checks queries with Microsoft's own parser, names of tables and columns included.
//
// usage: node check.js PACKAGE TABLES < QUERIES
// PACKAGE: the folder of @kusto/language-service-next. TABLES: tables.json. QUERIES: JSON, an array of
// {"name", "source", "text"}. Prints JSON, an array of {"name", "severity", "code", "line", "column", "message"}.
"use strict";

const fs = require("fs");
const path = require("path");

const [folder, tablesFile] = process.argv.slice(2);
require(path.join(folder, "bridge.min.js"));
require(path.join(folder, "Kusto.Language.Bridge.min.js"));

const { KustoCode, GlobalState } = globalThis.Kusto.Language;
const { TableSymbol, DatabaseSymbol, ClusterSymbol } = globalThis.Kusto.Language.Symbols;
const FROM_SCHEMA = "$ctor7"; // TableSymbol(name, schema, description)
const FROM_MEMBERS = "$ctor2"; // DatabaseSymbol(name, alternate name, members)
const FROM_DATABASES = "ctor"; // ClusterSymbol(name, databases)

function database(name, tables) {
  const symbols = Object.entries(tables).map(([table, columns]) => {
    const schema = Object.entries(columns).map(([column, type]) => `['${column}']:${type}`);
    return new TableSymbol[FROM_SCHEMA](table, `(${schema.join(", ")})`, null);
  });
  return new DatabaseSymbol[FROM_MEMBERS](name, null, symbols);
}

function analysis(tables) {
  const own = database("workspace", tables);
  const cluster = new ClusterSymbol[FROM_DATABASES]("cluster", [own]);
  return GlobalState.Default.WithCluster(cluster).WithDatabase(own);
}

function listed(diagnostics) {
  return Array.from({ length: diagnostics.Count }, (_, index) => diagnostics.getItem(index));
}

function place(text, start) {
  const before = text.slice(0, start).split("\n");
  return { line: before.length, column: before[before.length - 1].length + 1 };
}

function check(query, globals) {
  const diagnostics = listed(KustoCode.ParseAndAnalyze(query.text, globals).GetDiagnostics());
  return diagnostics.map((found) => ({
    name: query.name,
    severity: found.Severity,
    code: found.Code,
    ...place(query.text, found.Start),
    message: found.Message,
  }));
}

const sources = JSON.parse(fs.readFileSync(tablesFile, "utf8"));
const globals = Object.fromEntries(Object.entries(sources).map(([source, tables]) => [source, analysis(tables)]));
const queries = JSON.parse(fs.readFileSync(0, "utf8"));
const found = queries.flatMap((query) => check(query, globals[query.source]));
process.stdout.write(JSON.stringify(found));
