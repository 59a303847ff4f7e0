// Every parameter that can be set together with the others has a value other than its default.
using '../../../infra/main.bicep'

param environmentName = 'production-of-the-fleets-in-europe-and-america-and-in-asia-numbr'
param location = 'northeurope'
param tags = {
  costCenter: '4711'
}
param subscriptionIds = [
  '11111111-1111-1111-1111-111111111111'
]
param broadFleetActions = true
param profilesWrite = true
param requestsPerMinute = 20
param schedules = {
  detect: '0 */5 * * * *'
  reconcile: '0 30 * * * *'
  watch: '0 */2 * * * *'
}
param catalogMaxAge = 'PT30M'
param releaseTrackerUrl = 'none'
param fleetApiVersion = '2026-06-02-preview'
param policies = {
  regions: 'any'
  soak: 'P7D'
  freeze: '2026-12-15/2027-01-05'
  activeRun: 'replace'
  stoppedClusters: 'fail'
  busyClusters: 'upgrade'
  busyWait: 'PT2H'
  catchUp: 'stepwise'
  split: 'control-plane-first'
  retry: 3
  start: 'manual'
  generator: 'native'
}
param pythonVersion = '3.13'
param maximumInstanceCount = 100
param instanceMemoryMB = 4096
param zoneRedundant = true
param storageSku = 'Standard_GZRS'
param softDeleteDays = 30
param deadLetterDays = 30
param retentionDays = 365
param dailyCapGB = 5
param privateNetwork = true
param appSubnetId = '/subscriptions/44444444-4444-4444-4444-444444444444/resourceGroups/network/providers/Microsoft.Network/virtualNetworks/hub/subnets/functions'
param endpointSubnetId = '/subscriptions/44444444-4444-4444-4444-444444444444/resourceGroups/network/providers/Microsoft.Network/virtualNetworks/hub/subnets/endpoints'
param callerRanges = [
  '203.0.113.0/24'
  '198.51.100.7/32'
]
param clusterIds = [
  '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/clusters/providers/Microsoft.ContainerService/managedClusters/west'
]
param authClientId = '55555555-5555-5555-5555-555555555555'
param alertEmail = 'fleets@example.com'
param alertActionGroupIds = [
  '/subscriptions/33333333-3333-3333-3333-333333333333/resourceGroups/oncall/providers/Microsoft.Insights/actionGroups/pager'
]
param alertOverrides = {
  'run-pending': {
    threshold: 1
  }
  'gate-waiting': {
    enabled: false
  }
}
param runbookUrl = 'https://example.com/runbook'
param alertsAct = true
param alertsGenerate = true
param monthlyBudget = 200
param budgetStart = '2026-03-01'
