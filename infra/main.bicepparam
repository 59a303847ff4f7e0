using 'main.bicep'

// azd sets these variables, and `azd env set NAME VALUE` changes them: docs/deploy.md. An empty value is the default.
import { flagOf, listOf, numberOf, optionalNumber, optionalText, textOf } from 'functions/environment.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION')
param tags = json(textOf(readEnvironmentVariable('AUTO_UPGRADE_TAGS', ''), '{}'))

param subscriptionIds = listOf(readEnvironmentVariable('AUTO_UPGRADE_SUBSCRIPTION_IDS', ''))
param managementGroupIds = listOf(readEnvironmentVariable('AUTO_UPGRADE_MANAGEMENT_GROUP_IDS', ''))
param broadFleetActions = flagOf(readEnvironmentVariable('AUTO_UPGRADE_BROAD_FLEET_ACTIONS', ''), false)
param profilesWrite = flagOf(readEnvironmentVariable('AUTO_UPGRADE_PROFILES_WRITE', ''), false)
param requestsPerMinute = numberOf(readEnvironmentVariable('AUTO_UPGRADE_REQUESTS_PER_MINUTE', ''), 60)

param schedules = {
  ...optionalText('detect', readEnvironmentVariable('AUTO_UPGRADE_DETECT_SCHEDULE', ''))
  ...optionalText('reconcile', readEnvironmentVariable('AUTO_UPGRADE_RECONCILE_SCHEDULE', ''))
  ...optionalText('watch', readEnvironmentVariable('AUTO_UPGRADE_WATCH_SCHEDULE', ''))
}
param catalogMaxAge = readEnvironmentVariable('AUTO_UPGRADE_CATALOG_MAX_AGE', '')
param releaseTrackerUrl = readEnvironmentVariable('AUTO_UPGRADE_RELEASE_TRACKER_URL', '')
param fleetApiVersion = any(readEnvironmentVariable('AUTO_UPGRADE_FLEET_API_VERSION', ''))
param policies = {
  ...optionalText('regions', readEnvironmentVariable('AUTO_UPGRADE_POLICY_REGIONS', ''))
  ...optionalText('soak', readEnvironmentVariable('AUTO_UPGRADE_POLICY_SOAK', ''))
  ...optionalText('freeze', readEnvironmentVariable('AUTO_UPGRADE_POLICY_FREEZE', ''))
  ...optionalText('activeRun', readEnvironmentVariable('AUTO_UPGRADE_POLICY_ACTIVE_RUN', ''))
  ...optionalText('stoppedClusters', readEnvironmentVariable('AUTO_UPGRADE_POLICY_STOPPED_CLUSTERS', ''))
  ...optionalText('busyClusters', readEnvironmentVariable('AUTO_UPGRADE_POLICY_BUSY_CLUSTERS', ''))
  ...optionalText('busyWait', readEnvironmentVariable('AUTO_UPGRADE_POLICY_BUSY_WAIT', ''))
  ...optionalText('catchUp', readEnvironmentVariable('AUTO_UPGRADE_POLICY_CATCH_UP', ''))
  ...optionalText('split', readEnvironmentVariable('AUTO_UPGRADE_POLICY_SPLIT', ''))
  ...optionalNumber('retry', readEnvironmentVariable('AUTO_UPGRADE_POLICY_RETRY', ''))
  ...optionalText('start', readEnvironmentVariable('AUTO_UPGRADE_POLICY_START', ''))
  ...optionalText('generator', readEnvironmentVariable('AUTO_UPGRADE_POLICY_GENERATOR', ''))
}

param pythonVersion = any(textOf(readEnvironmentVariable('AUTO_UPGRADE_PYTHON_VERSION', ''), '3.12'))
param maximumInstanceCount = numberOf(readEnvironmentVariable('AUTO_UPGRADE_MAXIMUM_INSTANCES', ''), 40)
param instanceMemoryMB = any(numberOf(readEnvironmentVariable('AUTO_UPGRADE_INSTANCE_MEMORY_MB', ''), 2048))
param zoneRedundant = flagOf(readEnvironmentVariable('AUTO_UPGRADE_ZONE_REDUNDANT', ''), false)
param storageSku = any(textOf(readEnvironmentVariable('AUTO_UPGRADE_STORAGE_SKU', ''), 'Standard_ZRS'))
param softDeleteDays = numberOf(readEnvironmentVariable('AUTO_UPGRADE_SOFT_DELETE_DAYS', ''), 14)
param deadLetterDays = numberOf(readEnvironmentVariable('AUTO_UPGRADE_DEAD_LETTER_DAYS', ''), 90)
param retentionDays = numberOf(readEnvironmentVariable('AUTO_UPGRADE_RETENTION_DAYS', ''), 90)
param dailyCapGB = numberOf(readEnvironmentVariable('AUTO_UPGRADE_DAILY_CAP_GB', ''), 0)

param privateNetwork = flagOf(readEnvironmentVariable('AUTO_UPGRADE_PRIVATE_NETWORK', ''), false)
param networkPrefix = textOf(readEnvironmentVariable('AUTO_UPGRADE_NETWORK_PREFIX', ''), '10.90.0.0/24')
param appSubnetPrefix = textOf(readEnvironmentVariable('AUTO_UPGRADE_APP_SUBNET_PREFIX', ''), '10.90.0.0/26')
param endpointSubnetPrefix = textOf(readEnvironmentVariable('AUTO_UPGRADE_ENDPOINT_SUBNET_PREFIX', ''), '10.90.0.64/26')
param natGateway = flagOf(readEnvironmentVariable('AUTO_UPGRADE_NAT_GATEWAY', ''), true)
param appSubnetId = readEnvironmentVariable('AUTO_UPGRADE_APP_SUBNET_ID', '')
param endpointSubnetId = readEnvironmentVariable('AUTO_UPGRADE_ENDPOINT_SUBNET_ID', '')
param privateDnsZones = flagOf(readEnvironmentVariable('AUTO_UPGRADE_PRIVATE_DNS_ZONES', ''), true)
param callerRanges = listOf(readEnvironmentVariable('AUTO_UPGRADE_CALLER_RANGES', ''))
param clusterIds = listOf(readEnvironmentVariable('AUTO_UPGRADE_CLUSTER_IDS', ''))
param authClientId = readEnvironmentVariable('AUTO_UPGRADE_AUTH_CLIENT_ID', '')

param alertEmail = readEnvironmentVariable('AUTO_UPGRADE_ALERT_EMAIL', '')
param alertActionGroupIds = listOf(readEnvironmentVariable('AUTO_UPGRADE_ALERT_ACTION_GROUP_IDS', ''))
param alertOverrides = json(textOf(readEnvironmentVariable('AUTO_UPGRADE_ALERT_OVERRIDES', ''), '{}'))
param runbookUrl = readEnvironmentVariable('AUTO_UPGRADE_RUNBOOK_URL', '')
param alertsAct = flagOf(readEnvironmentVariable('AUTO_UPGRADE_ALERTS_ACT', ''), false)
param alertsGenerate = flagOf(readEnvironmentVariable('AUTO_UPGRADE_ALERTS_GENERATE', ''), false)
param monthlyBudget = numberOf(readEnvironmentVariable('AUTO_UPGRADE_MONTHLY_BUDGET', ''), 0)
param budgetStart = readEnvironmentVariable('AUTO_UPGRADE_BUDGET_START', '')
