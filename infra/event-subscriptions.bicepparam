// Read by the hook postdeploy. The names in capitals without AUTO_UPGRADE_ are set by azd, most of them from the outputs of
// main.bicep; the hook sets EXISTING_SYSTEM_TOPICS and DETECTION_ANSWERED. docs/deploy.md describes the others.
using 'event-subscriptions.bicep'

param installation = readEnvironmentVariable('INSTALLATION')
param resourceGroupName = readEnvironmentVariable('AZURE_RESOURCE_GROUP')
param location = readEnvironmentVariable('AZURE_LOCATION')
param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param tags = json(readEnvironmentVariable('AUTO_UPGRADE_TAGS', '{}'))
param functionAppName = readEnvironmentVariable('FUNCTION_APP_NAME')
param functionAppHostName = readEnvironmentVariable('FUNCTION_APP_HOST_NAME')
param workspaceId = readEnvironmentVariable('LOG_ANALYTICS_WORKSPACE_ID')
param topicName = readEnvironmentVariable('TOPIC_NAME')
param storageAccountName = readEnvironmentVariable('STORAGE_ACCOUNT_NAME')
param deadLetterContainer = readEnvironmentVariable('DEAD_LETTER_CONTAINER')

var clusterList = readEnvironmentVariable('AUTO_UPGRADE_CLUSTER_IDS', '')
param clusterIds = filter(map(split(clusterList, ','), id => trim(id)), id => !empty(id))

// without a choice: the subscriptions that the app manages; none: no gate events
var gateChoice = trim(readEnvironmentVariable('AUTO_UPGRADE_GATE_SUBSCRIPTION_IDS', ''))
var gateList = empty(gateChoice) ? readEnvironmentVariable('MANAGED_SUBSCRIPTION_IDS', '') : gateChoice
param gateSubscriptionIds = gateList == 'none'
  ? []
  : filter(map(split(gateList, ','), id => trim(id)), id => !empty(id))

// one array for each subscription that the hook listed
param existingSystemTopics = flatten(json(readEnvironmentVariable('EXISTING_SYSTEM_TOPICS', '[]')))

param alertsAct = bool(readEnvironmentVariable('AUTO_UPGRADE_ALERTS_ACT', 'false'))
param detectionAnswered = bool(readEnvironmentVariable('DETECTION_ANSWERED', 'false'))

var actionGroupList = readEnvironmentVariable('ALERT_ACTION_GROUP_IDS', '')
param actionGroupIds = filter(map(split(actionGroupList, ','), id => trim(id)), id => !empty(id))
param runbookUrl = readEnvironmentVariable('AUTO_UPGRADE_RUNBOOK_URL', '')
param alertOverrides = json(readEnvironmentVariable('AUTO_UPGRADE_ALERT_OVERRIDES', '{}'))
