/** A profile as text to copy: for Azure's command line, for Bicep, and as the body of a request to ARM. */

import { nameOf } from "./addresses.js";

/**
 * The texts.
 * @param {string} fleetId
 * @param {string} name
 * @param {Object} properties As in ARM.
 * @param {string} apiVersion Of Fleet.
 * @returns {{title: string, text: string}[]}
 */
export function profileTexts(fleetId, name, properties, apiVersion) {
  return [
    { title: "Azure CLI", text: commandOf(fleetId, name, properties) },
    { title: "Bicep", text: bicepOf(fleetId, name, properties, apiVersion) },
    { title: "REST", text: requestOf(fleetId, name, properties, apiVersion) },
  ];
}

function commandOf(fleetId, name, properties) {
  const [, , subscription, , group] = fleetId.split("/");
  const { channel, updateStrategyId, nodeImageSelection, targetKubernetesVersion, longTermSupport, disabled } = properties;
  const options = [
    ["--subscription", subscription], ["--resource-group", group], ["--fleet-name", nameOf(fleetId)], ["--name", name],
    ["--channel", channel], ["--update-strategy-id", updateStrategyId],
    ["--node-image-selection", nodeImageSelection?.type], ["--target-kubernetes-version", targetKubernetesVersion],
  ].filter(([, value]) => value).map(([option, value]) => `${option} ${quoted(value)}`);
  const flags = [longTermSupport && "--long-term-support", disabled && "--disabled"].filter(Boolean);
  return ["az fleet autoupgradeprofile create", ...options, ...flags].join(" \\\n  ");
}

/** A text as one word of a POSIX shell. */
function quoted(text) {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function bicepOf(fleetId, name, properties, apiVersion) {
  return [
    `resource fleet 'Microsoft.ContainerService/fleets@${apiVersion}' existing = {`,
    `  name: ${bicepText(nameOf(fleetId))}`,
    "}",
    "",
    `resource profile 'Microsoft.ContainerService/fleets/autoUpgradeProfiles@${apiVersion}' = {`,
    "  parent: fleet",
    `  name: ${bicepText(name)}`,
    `  properties: ${bicepValue(properties, "  ")}`,
    "}",
  ].join("\n");
}

function bicepValue(value, indent) {
  if (typeof value === "string") {
    return bicepText(value);
  }
  if (typeof value !== "object") {
    return String(value);
  }
  const lines = Object.entries(value).map(([key, each]) => `${indent}  ${key}: ${bicepValue(each, `${indent}  `)}`);
  return `{\n${lines.join("\n")}\n${indent}}`;
}

function bicepText(text) {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("${", "\\${")}'`;
}

function requestOf(fleetId, name, properties, apiVersion) {
  return `PUT ${fleetId}/autoUpgradeProfiles/${name}?api-version=${apiVersion}\n\n` +
    JSON.stringify({ properties }, null, 2);
}
