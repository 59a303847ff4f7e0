using 'event-subscriptions.bicep'

// The hook postdeploy deploys this. azd passes the variables: its own, the outputs of main.bicep, and AUTO_UPGRADE_…, which
// docs/deploy.md describes. The hook sets EXISTING_SYSTEM_TOPICS and DETECTION_ANSWERED.
import { flagOf, listOf, textOf } from 'functions/environment.bicep'

param installation = readEnvironmentVariable('INSTALLATION')
param resourceGroupName = readEnvironmentVariable('AZURE_RESOURCE_GROUP')
param location = readEnvironmentVariable('AZURE_LOCATION')
param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param tags = json(textOf(readEnvironmentVariable('AUTO_UPGRADE_TAGS', ''), '{}'))
param functionAppName = readEnvironmentVariable('FUNCTION_APP_NAME')
param functionAppHostName = readEnvironmentVariable('FUNCTION_APP_HOST_NAME')
param workspaceId = readEnvironmentVariable('LOG_ANALYTICS_WORKSPACE_ID')
param topicName = readEnvironmentVariable('TOPIC_NAME')
param storageAccountName = readEnvironmentVariable('STORAGE_ACCOUNT_NAME')
param deadLetterContainer = readEnvironmentVariable('DEAD_LETTER_CONTAINER')

param clusterIds = listOf(readEnvironmentVariable('AUTO_UPGRADE_CLUSTER_IDS', ''))

// by default the subscriptions that the app manages; none stands for no gate events
var gateSubscriptions = textOf(
  readEnvironmentVariable('AUTO_UPGRADE_GATE_SUBSCRIPTION_IDS', ''),
  readEnvironmentVariable('MANAGED_SUBSCRIPTION_IDS', '')
)
param gateSubscriptionIds = gateSubscriptions == 'none' ? [] : listOf(gateSubscriptions)

// one array for each subscription that the hook asked for its topics
param existingSystemTopics = flatten(json(textOf(readEnvironmentVariable('EXISTING_SYSTEM_TOPICS', ''), '[]')))

param alertsAct = flagOf(readEnvironmentVariable('AUTO_UPGRADE_ALERTS_ACT', ''), false)
param detectionAnswered = flagOf(readEnvironmentVariable('DETECTION_ANSWERED', ''), false)
param actionGroupIds = listOf(readEnvironmentVariable('ALERT_ACTION_GROUP_IDS', ''))
param runbookUrl = readEnvironmentVariable('AUTO_UPGRADE_RUNBOOK_URL', '')
param alertOverrides = json(textOf(readEnvironmentVariable('AUTO_UPGRADE_ALERT_OVERRIDES', ''), '{}'))
