// Azure's JavaScript clients of Fleet and AKS, one operation after the other; prints what they read, as JSON.
const { ContainerServiceClient } = require("@azure/arm-containerservice");
const { ContainerServiceFleetClient } = require("@azure/arm-containerservicefleet");

const [endpoint, token, subscription, group, fleet, cluster] = process.argv.slice(2);
const credential = { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) };
const fleets = new ContainerServiceFleetClient(credential, subscription, { endpoint });
const aks = new ContainerServiceClient(credential, subscription, { endpoint });
const quick = { updateIntervalInMs: 1 };

async function names(pages) {
  const found = [];
  for await (const each of pages) found.push(each.name);
  return found.sort();
}

async function session() {
  const read = {};
  read.operations = await names(fleets.operations.list());
  read.fleets = await names(fleets.fleets.listBySubscription());
  read.inGroup = await names(fleets.fleets.listByResourceGroup(group));
  read.tags = (await fleets.fleets.updateAsync(group, fleet, { tags: { from: "js" } }, quick)).tags;
  read.members = (await names(fleets.fleetMembers.listByFleet(group, fleet))).length;
  const stages = [{ name: "all", groups: [{ name: "canary" }] }];
  await fleets.fleetUpdateStrategies.createOrUpdate(group, fleet, "js", { properties: { strategy: { stages } } }, quick);
  read.strategies = await names(fleets.fleetUpdateStrategies.listByFleet(group, fleet));
  const channel = { properties: { channel: "Rapid", disabled: true } };
  await fleets.autoUpgradeProfiles.createOrUpdate(group, fleet, "js", channel, quick);
  read.channel = (await fleets.autoUpgradeProfiles.get(group, fleet, "js")).properties.channel;
  const generated = await fleets.autoUpgradeProfileOperations.generateUpdateRun(group, fleet, "js", quick);
  const run = generated.id.split("/").pop();
  await fleets.updateRuns.start(group, fleet, run, quick);
  read.started = (await fleets.updateRuns.get(group, fleet, run)).properties.status.status.state;
  await fleets.updateRuns.stop(group, fleet, run, quick);
  await fleets.updateRuns.delete(group, fleet, run, quick);
  await fleets.autoUpgradeProfiles.delete(group, fleet, "js", quick);
  await fleets.fleetUpdateStrategies.delete(group, fleet, "js", quick);
  read.profiles = await names(fleets.autoUpgradeProfiles.listByFleet(group, fleet));
  read.version = (await aks.managedClusters.get(group, cluster)).currentKubernetesVersion;
  read.pools = await names(aks.agentPools.list(group, cluster));
  read.upgrades = await aks.managedClusters.getUpgradeProfile(group, cluster).then(
    (profile) => profile.controlPlaneProfile.kubernetesVersion,
    (error) => error.message,
  );
  return read;
}

session().then(
  (read) => console.log(JSON.stringify(read)),
  (error) => {
    console.error(error.stack);
    process.exit(1);
  },
);
